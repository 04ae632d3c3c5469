import type { Connection } from 'mysql2/promise'
import { away, connectWriter, inTime, isLost } from './connection.ts'
import type { StreamEnd } from './batch.ts'
import { STAGING } from './schema.ts'
import { batchStatements, type Plan } from './statements.ts'

/** It is durable, after `position`: so many bytes of text, in so many milliseconds. */
export interface Done {
  readonly kind: 'done'
  readonly position: number
  readonly recordedAt: number
  readonly sha256: string
  readonly bytes: number
  readonly milliseconds: number
}

/** It has changed nothing: the ends of streams that are elsewhere, and the places of events and stillnesses in the plan. */
export interface NotDone {
  readonly kind: 'refused'
  readonly streams: ReadonlyMap<string, StreamEnd>
  readonly keys: ReadonlySet<number>
  readonly stirred: ReadonlySet<number>
}

const RECONNECTS_MAX = 3

/** One connection that writes, opened anew where it is lost. */
export class Writer {
  private connection: Promise<Connection> | undefined

  constructor(private readonly url: string) {}

  /**
   * Where the connection is lost in the midst of it, nobody knows whether it was done: so it is sent again, as it can
   * be done only once. What was done is then refused, and its events are found. Rejects with Unavailable.
   */
  async write(plan: Plan): Promise<Done | NotDone> {
    for (let left = RECONNECTS_MAX; ; left -= 1) {
      try {
        const startedAt = performance.now()
        const connection = await (this.connection ??= this.connect())
        const statements = batchStatements(plan, (value) => connection.escape(value))
        const [ok, ...answer] = await lastRow(connection, statements)
        if (Number(ok) !== 1) return notDone(answer, plan)
        return { ...done(answer), bytes: statements.length, milliseconds: performance.now() - startedAt }
      } catch (error) {
        // Also where it has answered: the transaction that it left open ends with it.
        await this.close()
        if (left === 0 || !isLost(error)) throw away(error)
      }
    }
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined)
    this.connection = undefined
    connection?.destroy()
  }

  private async connect(): Promise<Connection> {
    const connection = await connectWriter(this.url)
    try {
      await connection.query(STAGING.join(';'))
      return connection
    } catch (error) {
      connection.destroy()
      throw error
    }
  }
}

async function lastRow(connection: Connection, statements: string): Promise<readonly unknown[]> {
  const [results] = await inTime(connection, connection.query(statements))
  return ((results as unknown[]).at(-1) as unknown[][])[0] ?? []
}

const done = ([position, at, sha256]: readonly unknown[]) =>
  ({ kind: 'done', position: Number(position), recordedAt: Number(at), sha256: text(sha256) } as const)

function notDone([, , , conflicts, taken, stirred]: readonly unknown[], { streams }: Plan): NotDone {
  const ends = text(conflicts).split('\n').filter((line) => line !== '').map((line): [string, StreamEnd] => {
    const [k, version, eventId] = line.split(' ')
    return [streams[Number(k)]?.stream ?? '', { version: Number(version), eventId: eventId === '' ? undefined : eventId }]
  })
  return { kind: 'refused', streams: new Map(ends), keys: numbers(taken), stirred: numbers(stirred) }
}

const text = (value: unknown): string => (Buffer.isBuffer(value) ? value.toString() : typeof value === 'string' ? value : '')

const numbers = (value: unknown): ReadonlySet<number> => new Set(text(value).split(',').filter((number) => number !== '').map(Number))
