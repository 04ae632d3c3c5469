import type { Connection } from 'mysql2/promise'
import { Unavailable } from '../../application/ports.ts'
import { away, connectWriter, inTime, isAnswer } from './connection.ts'
import type { StreamEnd } from './batch.ts'
import { STAGING } from './schema.ts'
import { batchStatements, type Plan } from './statements.ts'

/** It is durable: after `position`, `bytes` of text in so many milliseconds. */
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
    const statements = batchStatements(plan)
    for (let left = RECONNECTS_MAX; ; left -= 1) {
      try {
        const startedAt = performance.now()
        const [ok, ...answer] = await this.send(statements)
        if (Number(ok) !== 1) return notDone(answer, plan)
        return { ...done(answer), bytes: statements.length, milliseconds: performance.now() - startedAt }
      } catch (error) {
        if (left === 0 || isAnswer(error) || !isLost(error)) throw away(error)
      }
    }
  }

  async close(): Promise<void> {
    const connection = await this.connection?.catch(() => undefined)
    this.connection = undefined
    connection?.destroy()
  }

  private async send(statements: string): Promise<readonly unknown[]> {
    const connection = await this.connected()
    try {
      const [results] = await inTime(connection, connection.query(statements))
      return ((results as unknown[]).at(-1) as unknown[][])[0] ?? []
    } catch (error) {
      // Also where it has answered: the transaction that it left open ends with it.
      this.connection = undefined
      connection.destroy()
      throw error
    }
  }

  private async connected(): Promise<Connection> {
    this.connection ??= this.connect()
    try {
      return await this.connection
    } catch (error) {
      this.connection = undefined
      throw error
    }
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

/** In the midst of it: where nobody could be reached at all, it is not tried again here. */
const isLost = (error: unknown): boolean =>
  error instanceof Unavailable || (error instanceof Error && 'code' in error && (error.code === 'PROTOCOL_CONNECTION_LOST' || error.code === 'ECONNRESET' || error.code === 'EPIPE'))

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
