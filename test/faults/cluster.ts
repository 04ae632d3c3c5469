import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'
import { type Brokers, startBrokers } from '../services/kafka.ts'
import { hasMariaDb, type MariaDb, startMariaDb } from '../services/mariadb.ts'
import { freePort } from '../services/process.ts'
import { isInstalled } from '../services/program.ts'
import { type Redis, startRedis } from '../services/redis.ts'

export const NODES = 3
/** Longer than a node needs that is there; shorter than one stands still. */
const ANSWER_MS_MAX = 3_000

/** What of the services is not installed; undefined where all are. */
export const missingService = (): string | undefined =>
  [!hasMariaDb() && 'mariadb', !isInstalled('redis-server') && 'redis-server', !isInstalled('kcat') && 'kcat'].find((name) => name !== false)

/** Three nodes on one MariaDB, one Redis and Kafka's brokers, each in a process of its own. */
export class Cluster {
  private readonly nodes: (ServerProcess | undefined)[] = []
  private readonly ports: number[] = []

  private constructor(
    private readonly directory: string, readonly storeUrl: string,
    readonly database: MariaDb, readonly redis: Redis, readonly brokers: Brokers, private readonly sharesReadModel: boolean,
  ) {}

  static async start(sharesReadModel = false): Promise<Cluster> {
    const [directory, database, redis, brokers] = await Promise.all([mkdtemp(join(tmpdir(), 'cluster-')), startMariaDb(), startRedis(), startBrokers()])
    const cluster = new Cluster(directory, await database.database(), database, redis, brokers, sharesReadModel)
    for (let n = 0; n < NODES; n += 1) await cluster.startNode(n)
    return cluster
  }

  async startNode(n: number): Promise<void> {
    const port = this.ports[n] ??= await freePort()
    const node = await startServerProcess(join(this.directory, String(n)), port, {
      NODE_URL: `http://127.0.0.1:${port}`, EVENT_STORE_URL: this.storeUrl, CACHE_URL: this.redis.url, EVENT_BUS_URL: `kafka://${this.brokers.brokers.join()}/stockstream`, WEBHOOKS: 'off',
      ...(this.sharesReadModel && { READ_MODEL_URL: this.storeUrl }),
    })
    this.nodes[n] = node
  }

  async killNode(n: number): Promise<void> {
    const node = this.nodes[n]
    this.nodes[n] = undefined
    await node?.kill('SIGKILL')
  }

  /** It answers nothing and sees nothing meanwhile, and then goes on as if no time had gone by. */
  async holdNode(n: number, milliseconds: number): Promise<void> {
    this.nodes[n]?.signal('SIGSTOP')
    await wait(milliseconds)
    this.nodes[n]?.signal('SIGCONT')
  }

  url(n: number): string { return `http://127.0.0.1:${this.ports[n] ?? 0}/graphql` }

  /** The data of an answer; undefined where none came, or the node could not do it for now. */
  async ask(n: number, query: string, variables: object = {}): Promise<Record<string, unknown> | undefined> {
    const body = JSON.stringify({ query, variables })
    const response = await fetch(this.url(n), { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(ANSWER_MS_MAX) }).catch(() => undefined)
    const answer = await response?.json().catch(() => undefined) as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] } | undefined
    if (!answer?.errors) return answer?.data
    if (answer.errors.every(({ extensions: { code } }) => code === 'UNAVAILABLE')) return undefined
    throw new Error(JSON.stringify(answer.errors))
  }

  async close(): Promise<void> {
    for (let n = 0; n < NODES; n += 1) await this.killNode(n)
    await Promise.all([this.database.stop(), this.redis.close(), this.brokers.close()])
    await rm(this.directory, { recursive: true })
  }
}
