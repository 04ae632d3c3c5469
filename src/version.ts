import { readFileSync } from 'node:fs'

/** The package's, whether it runs from src or from dist. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }
