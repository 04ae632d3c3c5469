import { readFileSync } from 'node:fs'
import { packageFile } from './package-file.ts'

/** The package's. */
export const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { readonly version: string }
