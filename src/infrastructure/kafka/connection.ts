import { Kafka, logLevel } from 'kafkajs'

export interface KafkaOptions {
  /** host:port, to begin with. */
  readonly brokers: readonly string[]
  readonly isEncrypted: boolean
  readonly user: { readonly username: string; readonly password: string } | undefined
}

const CONNECT_MS_MAX = 2_000
const REQUEST_MS_MAX = 5_000

/** Connects to nothing yet. Its failures come to whoever asks for something, and are told of there alone. */
export const kafkaAt = ({ brokers, isEncrypted, user }: KafkaOptions): Kafka => new Kafka({
  clientId: 'stockstream',
  brokers: [...brokers],
  ssl: isEncrypted,
  ...(user && { sasl: { mechanism: 'scram-sha-512', ...user } }),
  connectionTimeout: CONNECT_MS_MAX,
  requestTimeout: REQUEST_MS_MAX,
  retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
  logLevel: logLevel.NOTHING,
})
