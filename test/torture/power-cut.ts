/** Cuts the power of a real file system under load: `npm run torture:power-cut`. It mounts disk images, which takes root. */
import { powerCuts } from './power-cuts.ts'
import { runAll } from './runner.ts'

if (process.getuid?.() !== 0) throw new Error('Only root can mount a disk image: run it as root, on a machine that may be lost.')
await runAll([{ name: 'power cut of a file system', cycles: 20, run: powerCuts }])
