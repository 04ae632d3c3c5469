import { fileURLToPath } from 'node:url'
import { buildSync } from 'esbuild'

const ENTRIES = ['src/main.ts', 'src/cli/main.ts', 'src/worker.ts']

/** Packages that are asked for with require find it here, as a module has none of its own. */
const REQUIRE = "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"

/**
 * Writes the server and the command line into the folder, each as one file with all that it needs but what is
 * compiled for the machine: reading a thousand small files took more than half of the start.
 */
export function bundle(folder: string): void {
  buildSync({
    absWorkingDir: import.meta.dirname, entryPoints: ENTRIES, outbase: 'src', outdir: folder,
    bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning', legalComments: 'linked',
    banner: { js: REQUIRE }, external: ['better-sqlite3'],
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) bundle('dist')
