/** Floods a server with one kind of abuse from an address of its own: `flooder.ts URL KIND MILLISECONDS`. Prints what it was answered, as JSON. */
import { CONNECTIONS, FLOODS } from './floods.ts'

const [url = '', kind = '', milliseconds = '0'] = process.argv.slice(2)
const end = performance.now() + Number(milliseconds)
const flood = FLOODS[kind]
if (!flood) throw new Error(`There is no flood of ${kind}: name one of ${Object.keys(FLOODS).join(', ')}.`)
const answers: Record<number, number> = {}
await Promise.all(Array.from({ length: CONNECTIONS }, async () => {
  while (performance.now() < end) {
    const code = await flood(url).catch(() => 0)
    answers[code] = (answers[code] ?? 0) + 1
  }
}))
process.stdout.write(JSON.stringify(answers), () => process.exit())
