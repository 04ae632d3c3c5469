/** Loaded before a server: tells whoever started it what it holds in memory, once all that nobody uses is let go. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

process.on('message', () => {
  collect()
  process.send?.(process.memoryUsage())
})
process.channel?.unref()
