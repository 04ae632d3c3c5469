import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { compose } from '../../src/compose.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { openToAll } from '../../src/infrastructure/auth/open.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { startHttpServer } from '../../src/presentation/http/server.ts'
import { silent } from '../application/test-inventory.ts'
import type { Tally } from './tally.ts'

interface Answer { readonly data?: Record<string, Record<string, unknown>>; readonly errors?: { extensions: { code: string } }[] }
interface Level { readonly quantities: { readonly onHand: number }; readonly stale: boolean }

/** A file system of two megabytes in a new folder; undefined for who may not mount one. */
export async function mountSmallDisk(): Promise<{ readonly directory: string; remove(): Promise<void> } | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'full-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory], { stdio: 'ignore' })
  } catch {
    await rm(directory, { recursive: true })
    return undefined
  }
  return {
    directory,
    async remove() {
      execFileSync('umount', [directory])
      await rm(directory, { recursive: true })
    },
  }
}

/**
 * A server on a small disk that something else fills up, and then frees. Which of its files first finds no room
 * depends on how much the other takes.
 */
export async function fillAndFree(directory: string, fillerBytes: number): Promise<Tally> {
  const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent })
  const server = await startHttpServer({ inventory: composition.inventory, authenticator: openToAll, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next() })
  try {
    return await new FullDisk(server.url, join(directory, 'filler')).run(fillerBytes)
  } finally {
    await server.close()
    await composition.close()
  }
}

class FullDisk {
  constructor(private readonly url: string, private readonly filler: string) {}

  async run(fillerBytes: number): Promise<Tally> {
    await this.mutate('registerProduct', 'RegisterProductInput', { sku: 'MUG', name: 'Mug' })
    await this.mutate('openLocation', 'OpenLocationInput', { code: 'LIS', name: 'Lisbon' })
    await writeFile(this.filler, Buffer.alloc(fillerBytes))
    const answered = await this.writeUntilFull()
    const refused = 11
    for (let n = 1; n < refused; n++) expect((await this.add(answered + 1)).errors?.[0]?.extensions.code, 'still full').to.equal('UNAVAILABLE')
    await this.requireReason()
    await this.requireReads(answered)
    await rm(this.filler)
    while ((await fetch(`${this.url}/readyz`)).status !== 200) await wait(20)
    await this.requireOnce(answered)
    return { cycles: 1, acknowledged: answered, lost: 0, doubled: 0, refused, violations: [] }
  }

  /** How many writes were answered. */
  private async writeUntilFull(): Promise<number> {
    for (let key = 1; ; key++) {
      const code = (await this.add(key)).errors?.[0]?.extensions.code
      if (code === undefined) continue
      expect(code, `write ${key}`).to.equal('UNAVAILABLE')
      return key - 1
    }
  }

  private async requireReason(): Promise<void> {
    const response = await fetch(`${this.url}/readyz`)
    const text = await response.text()
    expect(response.status, text).to.equal(503)
    expect(text, 'the reason').to.match(/ENOSPC|full/)
  }

  /** Where the read model is what first found no room, it is behind, and says so. */
  private async requireReads(answered: number): Promise<void> {
    const { quantities: { onHand }, stale } = await this.level()
    if (stale) expect(onHand, 'reads go on').to.be.lessThan(answered)
    else expect(onHand, 'reads go on').to.equal(answered)
  }

  /** All again, as clients that heard nothing do it: what was answered was done before, and the one more is done now. */
  private async requireOnce(answered: number): Promise<void> {
    for (let key = 1; key <= answered + 1; key++) {
      let answer = await this.add(key)
      while (answer.errors) answer = await this.add(key)
      expect(answer.data?.addStock?.userErrors, `write ${key} again`).to.deep.equal([])
      if (key <= answered) expect(answer.data?.addStock?.replayed, `write ${key} was answered before`).to.equal(true)
    }
    expect(await this.level(), 'each once').to.deep.equal({ quantities: { onHand: answered + 1 }, stale: false })
  }

  private add(key: number): Promise<Answer> {
    return this.mutate('addStock', 'AddStockInput', { sku: 'MUG', location: 'LIS', quantity: 1, idempotencyKey: `k${key}`, note: 'n'.repeat(900) })
  }

  private async level(): Promise<Level> {
    const { data } = await this.ask('{ stockLevel(sku: "MUG", location: "LIS") { quantities { onHand } stale } }')
    return data?.stockLevel as unknown as Level
  }

  private mutate(name: string, type: string, input: object): Promise<Answer> {
    return this.ask(`mutation($input: ${type}!) { ${name}(input: $input) { replayed userErrors { code } } }`, { input })
  }

  private async ask(query: string, variables: object = {}): Promise<Answer> {
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', body: JSON.stringify({ query, variables }), headers: { 'content-type': 'application/json' } })
    return (await response.json()) as Answer
  }
}
