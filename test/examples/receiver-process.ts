import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface ReceiverProcess {
  readonly url: string
  /** The events that it took, each once, in the order in which it did. */
  readonly events: { readonly id: string; readonly type: string; readonly sequence: string }[]
  /** Resolves when it is gone, and all that it wrote is in `events`. */
  kill(): Promise<void>
}

/** The example of a receiver, as its README says to run it: on a free port, or on one that is told. */
export async function startReceiver(secret: string, port = 0): Promise<ReceiverProcess> {
  const child = spawn(process.execPath, ['examples/webhook-receiver/receiver.js'], {
    env: { ...process.env, PORT: String(port), WEBHOOK_SECRET: secret },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const events: ReceiverProcess['events'] = []
  createInterface({ input: child.stdout }).on('line', (line) => { events.push(JSON.parse(line) as ReceiverProcess['events'][number]) })
  const closed = once(child, 'close')
  const [said] = (await Promise.race([once(child.stderr, 'data'), closed])) as [unknown]
  const url = /http:\S+/.exec(String(said))?.[0]
  if (url === undefined) throw new Error(`The receiver ended: ${String(said)}`)
  return {
    url,
    events,
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
