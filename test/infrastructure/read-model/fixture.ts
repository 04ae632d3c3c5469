import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger, RecordedEvent } from '../../../src/application/ports.ts'
import { createProjector, type Projector } from '../../../src/application/projector.ts'
import type { DomainEvent, StockPolicy } from '../../../src/domain/events.ts'
import { streamName } from '../../../src/domain/streams.ts'
import { openReadModel, type OpenReadModel } from '../../../src/infrastructure/read-model/read-model.ts'

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

/** A log in memory: what is written has positions and versions as in the real one. */
export class History {
  readonly events: RecordedEvent[] = []
  readonly #versions = new Map<string, number>()

  add(stream: string, event: DomainEvent, occurredAt?: number): this {
    const version = (this.#versions.get(stream) ?? 0) + 1
    this.#versions.set(stream, version)
    const position = this.events.length + 1
    const at = 1_800_000_000_000 + position
    this.events.push({ ...event, id: `event-${position}`, occurredAt: occurredAt ?? at - 5, recordedAt: at, metadata: { correlationId: 'c' }, position, stream, version, schema: 1 })
    return this
  }

  product(sku: string, name: string): this {
    return this.add(streamName.product(sku), { type: 'ProductRegistered', data: { sku, name, barcode: null, unit: 'EACH', attributes: { colour: 'red', sizes: [1, 2] } } })
  }

  location(code: string, kind: 'STORE' | 'WAREHOUSE' = 'STORE'): this {
    return this.add(streamName.location(code), { type: 'LocationOpened', data: { code, name: `At ${code}`, kind, timeZone: 'Europe/Lisbon' } })
  }

  stock(sku: string, location: string, quantity: number, policy?: Partial<StockPolicy>): this {
    this.add(streamName.stock(sku, location), { type: 'StockAdded', data: { quantity, reason: 'DELIVERY' } })
    return policy === undefined ? this : this.add(streamName.stock(sku, location), { type: 'StockPolicySet', data: policy })
  }

  reserve(sku: string, location: string, quantity: number): this {
    return this.add(streamName.stock(sku, location), { type: 'StockReserved', data: { reservationId: 'r', quantity } })
  }
}

/** A read model in a directory of its own, over the real SQLite. */
export class Bench {
  readonly directory = mkdtempSync(join(tmpdir(), 'read-model-'))
  readonly file = join(this.directory, 'deep', 'read-model.sqlite')
  open: OpenReadModel
  projector: Projector

  constructor() {
    this.open = openReadModel({ file: this.file, logId: 'log-1' })
    this.projector = createProjector({ tables: this.open.tables, bus: { publish: () => undefined }, logger: silent })
  }

  reopen(logId = 'log-1'): void {
    this.open.close()
    this.open = openReadModel({ file: this.file, logId })
    this.projector = createProjector({ tables: this.open.tables, bus: { publish: () => undefined }, logger: silent })
  }

  remove(): void {
    this.open.close()
    rmSync(this.directory, { recursive: true })
  }
}
