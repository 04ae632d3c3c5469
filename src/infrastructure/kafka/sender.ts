import { type Kafka, type Message, Partitioners } from 'kafkajs'

/** Sends to one topic. Connects with the first message, and anew after it could not. */
export class Sender {
  readonly #producer
  #connected: Promise<void> | undefined

  /** `acks`: -1 where all replicas must have it, 1 where one is enough. */
  constructor(kafka: Kafka, private readonly topic: string, private readonly acks: -1 | 1) {
    this.#producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: true })
  }

  async send(messages: Message[]): Promise<void> {
    this.#connected ??= this.#producer.connect()
    try {
      await this.#connected
      await this.#producer.send({ topic: this.topic, acks: this.acks, messages })
    } catch (error) {
      this.#connected = undefined
      throw error
    }
  }

  close(): Promise<void> { return this.#producer.disconnect() }
}
