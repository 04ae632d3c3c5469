import { signal } from '@preact/signals'
import { ask } from '../api/client.ts'
import { STOCK_PAGE, STOCK_PAGE_END, type StockPageVariables } from '../api/stock.ts'
import type { Change, Level } from '../api/types.ts'

export type StockQuestion = Pick<StockPageVariables, 'filter' | 'orderBy' | 'direction'>

export const PAGE_ROWS = 200
/** Pages further away from what is seen are forgotten, and asked for again when somebody scrolls back. */
const PAGES_KEPT = 20

/** The rows that answer a question, page by page, as far as they are looked at. */
export class StockPages {
  readonly total = signal<number | undefined>(undefined)
  /** Grows when rows come or change. */
  readonly revision = signal(0)
  readonly error = signal<unknown>(undefined)
  /** Whether rows would stand elsewhere by now, or be more or fewer. */
  readonly isMoved = signal(false)

  private readonly pages = new Map<number, Level[]>()
  /** The cursor that each page begins after: known one by one, since a cursor comes with the page before. */
  private readonly starts: (string | null)[] = [null]
  private wanted: readonly number[] = [0]
  private isBusy = false
  private isStopped = false

  constructor(private readonly question: StockQuestion) {
    void this.load()
  }

  row(index: number): Level | undefined {
    return this.pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS]
  }

  /** Sees to it that the rows from one index up to another are there, before long. */
  show(from: number, to: number): void {
    const first = Math.floor(from / PAGE_ROWS)
    this.wanted = Array.from({ length: Math.floor(to / PAGE_ROWS) - first + 1 }, (_, offset) => first + offset)
    void this.load()
  }

  retry(): void {
    this.error.value = undefined
    void this.load()
  }

  stop(): void {
    this.isStopped = true
  }

  /** Shows what happened where it is on the screen. The order is left alone: nothing moves under a reader's hand. */
  apply(changes: readonly Change[]): void {
    for (const { stockLevel, event } of changes) {
      const place = this.find(stockLevel.id)
      if (place && stockLevel.version > (place.rows[place.index]?.version ?? 0)) place.rows[place.index] = stockLevel
      if (place ? this.question.orderBy === 'ON_HAND' || this.question.orderBy === 'AVAILABLE' || this.question.orderBy === 'UPDATED_AT' : event.version === 1) {
        this.isMoved.value = true
      }
    }
    this.revision.value += 1
  }

  private find(id: string): { rows: Level[]; index: number } | undefined {
    for (const rows of this.pages.values()) {
      const index = rows.findIndex((level) => level.id === id)
      if (index >= 0) return { rows, index }
    }
    return undefined
  }

  /** One question at a time, always for what is wanted by then. */
  private async load(): Promise<void> {
    if (this.isBusy) return
    this.isBusy = true
    try {
      for (let missing = this.missing(); missing !== undefined && !this.isStopped; missing = this.missing()) {
        await (missing < this.starts.length ? this.loadPage(missing) : this.loadNextStart())
      }
    } catch (error) {
      if (!this.isStopped) this.error.value = error
    } finally {
      this.isBusy = false
    }
  }

  private missing(): number | undefined {
    if (this.error.value !== undefined) return undefined
    const last = Math.max(0, Math.ceil((this.total.value ?? 1) / PAGE_ROWS) - 1)
    return this.wanted.map((page) => Math.min(page, last)).find((page) => !this.pages.has(page))
  }

  private async loadPage(page: number): Promise<void> {
    const { stockLevels } = await ask(STOCK_PAGE, this.variables(page))
    if (this.isStopped) return
    this.pages.set(page, [...stockLevels.nodes])
    this.learn(page, stockLevels)
    for (const key of [...this.pages.keys()].sort((a, b) => Math.abs(b - page) - Math.abs(a - page)).slice(0, Math.max(0, this.pages.size - PAGES_KEPT))) this.pages.delete(key)
    this.revision.value += 1
  }

  private async loadNextStart(): Promise<void> {
    const page = this.starts.length - 1
    const { stockLevels } = await ask(STOCK_PAGE_END, this.variables(page))
    this.learn(page, stockLevels)
  }

  private learn(page: number, { pageInfo, totalCount }: { pageInfo: { hasNextPage: boolean; endCursor: string | null }; totalCount: number }): void {
    if (page === this.starts.length - 1 && pageInfo.hasNextPage) this.starts.push(pageInfo.endCursor)
    // Where the list has become shorter than it was, it ends here.
    this.total.value = pageInfo.hasNextPage ? totalCount : Math.min(totalCount, (page + 1) * PAGE_ROWS)
  }

  private variables(page: number): StockPageVariables {
    return { ...this.question, first: PAGE_ROWS, after: this.starts[page] ?? null }
  }
}
