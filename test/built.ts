import { join } from 'node:path'
import { bundle } from '../bundle.ts'

const ROOT = join(import.meta.dirname, '..')
let isBuilt = false

/** A program as it is shipped, built from the sources once for all tests. */
export function built(program: 'main.js' | 'cli/main.js'): string {
  if (!isBuilt) bundle(join(ROOT, 'dist'))
  isBuilt = true
  return join(ROOT, 'dist', program)
}
