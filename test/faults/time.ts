import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { RecordedEvent } from '../../src/application/ports.ts'
import { openEventLog } from '../../src/infrastructure/event-log/log.ts'
import { verifyLog } from '../../src/infrastructure/event-log/verify.ts'
import { silent } from '../application/test-inventory.ts'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import { everything } from '../infrastructure/event-log/fixture.ts'
import { NOTHING, type Tally } from './tally.ts'

const CLOCK = join(import.meta.dirname, 'stepping-clock.ts')
const CLIENTS = 4
const RESERVATIONS = 20
/** Ends within an hour, and not within the test. */
const EXPIRES_IN_SECONDS = 1_800
/** Some looks at what is due. */
const LOOKS_MS = 1_000

/** A server under load while `meddle` does something to its time: nothing ends, nothing stalls, and everything is numbered as ever. */
export async function whileMeddled(meddle: (server: ServerProcess) => Promise<void>): Promise<Tally> {
  const directory = await mkdtemp(join(tmpdir(), 'time-'))
  const server = await startServerProcess(directory, 0, {}, [CLOCK])
  try {
    await server.mutate('registerProduct', { sku: 'MUG', name: 'Mug' }, 'cursor')
    await server.mutate('openLocation', { code: 'LIS', name: 'Lisbon' }, 'cursor')
    await add(server, RESERVATIONS)
    for (let n = 0; n < RESERVATIONS; n++) {
      await server.mutate('reserveStock', { lines: [{ sku: 'MUG', location: 'LIS', quantity: 1 }], expiresInSeconds: EXPIRES_IN_SECONDS }, 'reservation { id }')
    }
    let isOver = false
    let answered = 0
    const client = async (): Promise<void> => { while (!isOver) { await add(server, 1); answered += 1 } }
    const clients = Array.from({ length: CLIENTS }, client)
    const answers = async (more: number): Promise<void> => { for (const enough = answered + more; answered < enough;) await wait(5) }
    await answers(20)
    await meddle(server)
    await answers(20)
    isOver = true
    await Promise.all(clients)
    const found = await stillOpen(server, answered)
    await server.kill('SIGKILL')
    return { ...NOTHING, cycles: 1, acknowledged: answered, violations: [...found, ...misnumbered(await logged(directory))] }
  } finally {
    server.signal('SIGKILL')
    await rm(directory, { recursive: true })
  }
}

export const stepAheadAndBack = async (server: ServerProcess): Promise<void> => {
  for (const signal of ['SIGUSR2', 'SIGHUP', 'SIGHUP', 'SIGUSR2'] as const) {
    server.signal(signal)
    await wait(LOOKS_MS)
  }
}

export const standStill = (ms: number) => async (server: ServerProcess): Promise<void> => {
  server.signal('SIGSTOP')
  await wait(ms)
  server.signal('SIGCONT')
  await wait(LOOKS_MS)
}

const add = (server: ServerProcess, quantity: number) => server.mutate('addStock', { sku: 'MUG', location: 'LIS', quantity }, 'cursor')

/** What the clients see, and then what stands in the log of the server that is gone. */
async function stillOpen(server: ServerProcess, answered: number): Promise<string[]> {
  const found: string[] = []
  const { reservations, stockLevel } = (await server.query(
    '{ reservations(filter: { statuses: [OPEN] }, first: 1) { totalCount } stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } } }',
  )) as { reservations: { totalCount: number }; stockLevel: { quantities: { onHand: number } } }
  if (reservations.totalCount !== RESERVATIONS) found.push(`${RESERVATIONS - reservations.totalCount} reservations have ended`)
  const { onHand } = stockLevel.quantities
  if (onHand !== RESERVATIONS + answered) found.push(`${onHand} are on hand where ${RESERVATIONS + answered} were added`)
  return found
}

async function logged(directory: string): Promise<readonly RecordedEvent[]> {
  await verifyLog(directory)
  const log = await openEventLog({ directory, clock: { now: () => 0 }, logger: silent })
  const events = await everything(log)
  await log.close()
  return events
}

function misnumbered(events: readonly RecordedEvent[]): string[] {
  const versions = new Map<string, number>()
  const found: string[] = []
  for (const [n, { position, stream, version, recordedAt }] of events.entries()) {
    if (position !== n + 1) found.push(`position ${position} stands where ${n + 1} belongs`)
    if (version !== (versions.get(stream) ?? 0) + 1) found.push(`${stream} goes on with version ${version}`)
    versions.set(stream, version)
    if (n > 0 && recordedAt < events[n - 1]!.recordedAt) found.push(`event ${position} was recorded before the one before it`)
  }
  return found
}
