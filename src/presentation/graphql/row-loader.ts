import DataLoader from 'dataloader'

export interface RowLoaderOptions<Key, Row> {
  /** In the order of the keys. */
  read(keys: readonly Key[]): Promise<readonly Row[]>
  /** A row that need not be read; undefined where it has to be. */
  atHand?(key: Key): { readonly value: Row } | undefined
  /** What tells keys apart that are no plain values. */
  nameOf?(key: Key): string
}

/**
 * Rows of one kind for one request: those at hand at once, all others by one read. Each is the same however often it is
 * asked for.
 */
export class RowLoader<Key, Row> {
  readonly #known = new Map<unknown, Row | Promise<Row>>()
  #reads: DataLoader<Key, Row> | undefined

  constructor(private readonly options: RowLoaderOptions<Key, Row>) {}

  load(key: Key): Row | Promise<Row> {
    const { atHand, nameOf } = this.options
    const name: unknown = nameOf ? nameOf(key) : key
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const found = atHand?.(key)
    const row = found ? found.value : this.#read(key)
    this.#known.set(name, row)
    return row
  }

  #read(key: Key): Promise<Row> {
    this.#reads ??= new DataLoader((keys) => this.options.read(keys), { cache: false })
    return this.#reads.load(key)
  }
}
