import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

function rootOf(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootOf(dirname(folder))
}

const ROOT = rootOf(import.meta.dirname)

/** Where a file of this package is, whether it runs from src or from dist. */
export const packageFile = (...path: readonly string[]): string => join(ROOT, ...path)
