import { exchangeHints, type SharedEventStore } from '../../application/hints.ts'
import type { Breaker, EventStore, Logger } from '../../application/ports.ts'
import { type RelayLedger, startRelay } from '../../application/relay.ts'
import { kafkaAt, type KafkaOptions } from './connection.ts'
import { openEventOutlet } from './event-outlet.ts'
import { openKafkaBus } from './kafka-bus.ts'

export interface JoinKafkaOptions {
  readonly address: KafkaOptions & { readonly topic: string }
  /** One that others write to as well exchanges hints with them. */
  readonly store: EventStore & Partial<Pick<SharedEventStore, 'refresh'>>
  /** Left out, this node publishes nothing. */
  readonly ledger?: RelayLedger
  readonly logger: Logger
}

export interface JoinedKafka {
  /** The one to append to, so that other nodes hear of it. */
  readonly store: EventStore
  readonly breakers: readonly Breaker[]
  close(): Promise<void>
}

/** Publishes the log on the topic, and exchanges hints with other nodes on the one beside it. */
export function joinKafka({ address, store, ledger, logger }: JoinKafkaOptions): JoinedKafka {
  const kafka = kafkaAt(address)
  const stopRelay = ledger === undefined ? () => Promise.resolve() : startRelay({ store, ledger, logger, outlet: openEventOutlet({ kafka, topic: address.topic, logId: store.id }) })
  if (!isShared(store)) return { store, breakers: [], close: stopRelay }
  const bus = openKafkaBus({ kafka, topic: `${address.topic}.hints`, logger })
  const hints = exchangeHints(store, bus)
  return {
    store: hints.store,
    breakers: [bus.breaker],
    async close() {
      hints.stop()
      await Promise.all([stopRelay(), bus.close()])
    },
  }
}

const isShared = (store: JoinKafkaOptions['store']): store is SharedEventStore => store.refresh !== undefined
