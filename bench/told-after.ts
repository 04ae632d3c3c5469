import { setTimeout as rest } from 'node:timers/promises'
import { openAudience } from './audience.ts'
import { answerOf } from './client.ts'
import type { HowLong, Row } from './report.ts'
import { CHANGE, FOLLOW, seed } from './seed.ts'
import { startServer } from './server.ts'
import { quantile } from './stats.ts'

export const TOLD_AFTER = 'change to subscriber, unloaded'

const WARM_UP = 300
const REST_MS = 5
const WANTED_MS = 5

/** How long after a command's answer the one subscriber there is has been told; less than nothing where it was told before. */
export async function* measureToldAfter({ runs, seconds }: HowLong): AsyncGenerator<Row, void> {
  const server = await startServer()
  try {
    await seed(server.url, 1)
    const audience = await openAudience(server.url, FOLLOW, 1)
    const afterAnswer: number[] = []
    const sinceSent: number[] = []
    let end = Infinity
    for (let n = 0; performance.now() < end; n++) {
      if (n === WARM_UP) end = performance.now() + runs * seconds * 1_000
      const sent = performance.now()
      const told = audience.told(1).then(() => performance.now())
      await answerOf(server.url, CHANGE)
      const answered = performance.now()
      const toldAt = await told
      if (n >= WARM_UP) {
        afterAnswer.push(toldAt - answered)
        sinceSent.push(toldAt - sent)
      }
      await rest(REST_MS)
    }
    audience.close()
    const p99 = quantile(afterAnswer, 0.99)
    yield {
      work: TOLD_AFTER, figure: `${p99.toFixed(2)} ms after the answer, p99`, baseline: '', wanted: `under ${WANTED_MS} ms`, isReached: p99 < WANTED_MS,
      p50: quantile(sinceSent, 0.5), p99: quantile(sinceSent, 0.99),
    }
  } finally {
    await server.stop()
  }
}
