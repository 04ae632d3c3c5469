import type Database from 'better-sqlite3'
import { LRUCache } from 'lru-cache'

const KEPT_MAX = 1_000

/** Names that many rows have: each stands in a table of its own once, and in the rows is the number that it has there. */
export class NumberedNames {
  private readonly known = new LRUCache<string, number>({ max: KEPT_MAX })
  private readonly add: Database.Statement

  /** `table` has a name and a number. */
  constructor(database: Database.Database, table: string) {
    this.add = database.prepare(`INSERT INTO ${table} VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number RETURNING number`).pluck()
  }

  /** What the name has already; where it is new, the number that is proposed. */
  numberOf(name: string, proposed: number): number {
    const known = this.known.get(name)
    if (known !== undefined) return known
    const number = this.add.get(name, proposed) as number
    this.known.set(name, number)
    return number
  }

  /** To be called where what was added is rolled back. */
  forget(): void { this.known.clear() }
}
