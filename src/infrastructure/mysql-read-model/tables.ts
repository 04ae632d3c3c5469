import { randomUUID } from 'node:crypto'
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import { statementsOf } from './writes.ts'
import { away, connectWriter, inTime } from '../mysql/connection.ts'
import type { RowChange, SharedTables } from '../../application/read-model.ts'

/** Whoever does not come back within this time has lost its turn. */
const TURN_MS = 3_000

const NOW = 'FLOOR(UNIX_TIMESTAMP(NOW(3)) * 1000)'

/** A database writes a new term for every owner, so that one of an earlier term is known by it. */
const TAKE = `UPDATE projector SET term = IF(owner = ?, term, term + 1), until_ms = ${NOW} + ${TURN_MS}, owner = ? WHERE one = 1 AND (owner = ? OR until_ms <= ${NOW})`

/** Nobody that is at it is cut off: it is waited for. Whoever has the turn until then changes nothing more. */
export const TAKE_BY_FORCE = `UPDATE projector SET term = term + 1, until_ms = ${NOW} + 10000, owner = ? WHERE one = 1`

/** The writing side of the read model, shared with other nodes. Rejects with Unavailable where the database is away. */
export class MysqlTables implements SharedTables {
  private readonly owner = randomUUID()
  private term = 0
  private connection: Promise<Connection> | undefined

  /** With a prefix they are tables that are made beside those in use, and nobody's turn. */
  constructor(private readonly url: string, private readonly prefix = '') {}

  async position(): Promise<number> {
    const [row] = await this.rows(`SELECT position FROM ${this.prefix}checkpoint WHERE one = 1`)
    if (!row) throw new Error('The database holds no read model any more.')
    return Number(row[0])
  }

  async hold(): Promise<boolean> {
    const { affectedRows } = await this.asked(TAKE, [this.owner, this.owner, this.owner]) as ResultSetHeader
    if (affectedRows === 0) return false
    this.term = Number((await this.rows('SELECT term FROM projector WHERE one = 1 AND owner = ?', [this.owner]))[0]?.[0] ?? 0)
    return this.term > 0
  }

  async commit(changes: readonly RowChange[], from: number, to: number): Promise<boolean> {
    const { prefix, term } = this
    const connection = await this.connected()
    const text = [
      'START TRANSACTION',
      // Whoever takes the turn waits for those that are at it, and those that come later see who has it.
      `SET @term = (SELECT term FROM projector WHERE one = 1 LOCK IN SHARE MODE)`,
      `UPDATE ${prefix}checkpoint SET position = ${to} WHERE one = 1 AND position = ${from}${prefix === '' ? ` AND @term = ${term}` : ''}`,
      'SET @ok = ROW_COUNT()',
      ...statementsOf(changes, (value) => connection.escape(value), prefix),
      'COMMIT',
      'SELECT @ok',
    ].join(';\n')
    const results = await this.asked(text) as RowDataPacket[][][]
    return Number(results.at(-1)?.[0]?.[0]) === 1
  }

  async release(): Promise<void> {
    try {
      if (this.term > 0) await this.asked('UPDATE projector SET until_ms = 0 WHERE one = 1 AND owner = ?', [this.owner])
    } finally {
      this.letGo()
    }
  }

  private async rows(text: string, values: readonly unknown[] = []): Promise<readonly (readonly unknown[])[]> {
    return await this.asked(text, values) as RowDataPacket[][]
  }

  /** Where it fails, the connection is let go, and a transaction that was left open ends with it. */
  private async asked(text: string, values: readonly unknown[] = []): Promise<unknown> {
    try {
      const connection = await this.connected()
      const [answer] = await inTime(connection, connection.query(text, [...values]))
      return answer
    } catch (error) {
      this.letGo()
      throw away(error)
    }
  }

  private async connected(): Promise<Connection> {
    try {
      return await (this.connection ??= connectWriter(this.url))
    } catch (error) {
      this.connection = undefined
      throw away(error)
    }
  }

  private letGo(): void {
    this.connection?.then((connection) => { connection.destroy() }, () => undefined)
    this.connection = undefined
  }
}
