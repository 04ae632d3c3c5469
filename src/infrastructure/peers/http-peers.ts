import { Agent, request } from 'node:http'
import { Agent as SecureAgent, request as secureRequest } from 'node:https'
import { text } from 'node:stream/consumers'
import { FORWARDED_PATH, type Given, type Outcome, type Peers, type Reply } from '../../application/forwarding.ts'
import type { Owner } from '../../application/ownership.ts'

/** Longer than a node needs that is there. */
const ANSWER_MS_MAX = 3_000
/** Sooner than the other side lets go of a connection that is not used: who sends just then would never know what became of it. */
const IDLE_MS_MAX = 2_000
const BATCH_MAX = 100
/** While so many are on their way, what is given waits and goes together. */
const BATCHES_AT_ONCE = 4
const CONNECTIONS = { keepAlive: true, timeout: IDLE_MS_MAX }
/** Our own ways to say that nothing was done: not here, not known, not now. */
const UNTAKEN_STATUSES: ReadonlySet<number> = new Set([404, 400, 503])

interface Waiting { readonly given: Given; readonly resolve: (reply: Reply) => void }

/** Gives commands over HTTP, those that come together in one request. */
export function createHttpPeers(): Peers {
  const [plain, secure] = [new Agent(CONNECTIONS), new SecureAgent(CONNECTIONS)]
  const lanes = new Map<string, Lane>()

  async function post({ url, token }: Owner, body: string): Promise<Sent> {
    const isSecure = url.startsWith('https:')
    const options = {
      method: 'POST', agent: isSecure ? secure : plain, signal: AbortSignal.timeout(ANSWER_MS_MAX),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
    }
    const way = { isConnected: false }
    try {
      return await new Promise<Sent>((resolve, reject) => {
        const asked = (isSecure ? secureRequest : request)(new URL(FORWARDED_PATH, url), options, (response) => {
          text(response).then((answer) => { resolve({ status: response.statusCode ?? 0, answer }) }, reject)
        })
        asked.on('socket', (socket) => {
          way.isConnected = !socket.connecting
          if (!way.isConnected) socket.once(isSecure ? 'secureConnect' : 'connect', () => { way.isConnected = true })
        })
        asked.on('error', reject)
        asked.end(body)
      })
    } catch {
      return way.isConnected ? UNANSWERED : UNTAKEN
    }
  }

  return {
    give(owner, given) {
      const lane = lanes.get(owner.id) ?? new Lane((body) => post(owner, body))
      lanes.set(owner.id, lane)
      return lane.give(given)
    },
    close() {
      plain.destroy()
      secure.destroy()
    },
  }
}

interface Sent { readonly status: number; readonly answer: string }
/** Nobody was reached; nobody knows what became of it. */
const [UNTAKEN, UNANSWERED]: readonly [Sent, Sent] = [{ status: 503, answer: '' }, { status: 0, answer: '' }]

/** What goes to one node. */
class Lane {
  private readonly waiting: Waiting[] = []
  private running = 0

  constructor(private readonly post: (body: string) => Promise<Sent>) {}

  give(given: Given): Promise<Reply> {
    return new Promise((resolve) => {
      this.waiting.push({ given, resolve })
      // What comes in the same turn goes together.
      if (this.waiting.length === 1) setImmediate(() => { void this.run() })
    })
  }

  private async run(): Promise<void> {
    if (this.running >= BATCHES_AT_ONCE || this.waiting.length === 0) return
    this.running += 1
    const batch = this.waiting.splice(0, BATCH_MAX)
    const replies = repliesOf(await this.post(JSON.stringify(batch.map(({ given }) => given))), batch.length)
    batch.forEach(({ resolve }, n) => { resolve(replies[n] ?? { kind: 'unanswered' }) })
    this.running -= 1
    void this.run()
  }
}

function repliesOf({ status, answer }: Sent, count: number): readonly Reply[] {
  if (status !== 200) return Array.from({ length: count }, (): Reply => ({ kind: UNTAKEN_STATUSES.has(status) ? 'untaken' : 'unanswered' }))
  try {
    return JSON.parse(answer) as readonly Outcome[]
  } catch {
    return []
  }
}
