import { readFileSync, writeFileSync } from 'node:fs'
import { runBoard } from './board.ts'

/** npx tsx examples/live-board/main.ts [ws://127.0.0.1:4000/graphql]: goes on where it was when it was ended. */
const [url = 'ws://127.0.0.1:4000/graphql'] = process.argv.slice(2)
const BOOKMARK = '.board-cursor'

const stopping = new AbortController()
process.once('SIGINT', () => { stopping.abort() })

await runBoard({
  url,
  ...bookmarked(),
  show({ cursor, product, location, delta, onHand }) {
    process.stdout.write(`${delta > 0 ? '+' : ''}${delta}\t${product}, ${location}\t${onHand} on hand\n`)
    writeFileSync(BOOKMARK, cursor)
  },
}, stopping.signal)

function bookmarked(): { after?: string } {
  try {
    return { after: readFileSync(BOOKMARK, 'utf8') }
  } catch {
    return {}
  }
}
