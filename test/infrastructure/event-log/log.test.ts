import { expect } from 'chai'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { streamName } from '../../../src/domain/streams.ts'
import { VersionMismatch, type RecordedEvent } from '../../../src/application/ports.ts'
import { START, Workbench, everything, nextId, opening, rejection, stocked, to } from './fixture.ts'

const A = streamName.stock('A', 'BER')
const B = streamName.stock('B', 'BER')
const ids = (events: readonly RecordedEvent[]): string[] => events.map(({ id }) => id)

describe('event log', () => {
  let bench: Workbench
  beforeEach(async () => { bench = await Workbench.create() })
  afterEach(async () => { await bench.remove() })

  it('gives back what was appended, by every way of asking', async () => {
    const log = await bench.open()
    const metadata = { reference: 'order-1', idempotency: { key: 'k', fingerprint: 'f', events: 2 } }
    const first = await log.append(to(A, 0, stocked(1, metadata), stocked(2)))
    const second = await log.append(to(B, 0, stocked(3)))
    const all = [...first, ...second]
    expect(await everything(log), 'read').to.deep.equal(all)
    expect(await everything(log, 2), 'read after 2').to.deep.equal(second)
    expect(await log.readStream(A, 2), 'readStream from version 2').to.deep.equal([all[1]])
    expect(await log.event(all[2]!.id), 'event').to.deep.equal(all[2])
    expect(await log.event(nextId()), 'event that is not there').to.equal(undefined)
    expect(await log.command('k'), 'command').to.deep.equal(first)
    expect(await log.command('other'), 'command that is not there').to.equal(undefined)
    expect(all[0]).to.include({ position: 1, stream: A, version: 1, schema: 1, recordedAt: START })
    expect(log.head()).to.equal(3)
  })

  it('finds by every field, in both directions', async () => {
    const log = await bench.open()
    await log.append(to(A, 0, stocked(1, { reference: 'r' }), stocked(2)))
    bench.now += 1_000
    await log.append(to(streamName.location('BER'), 0, opening('BER')))
    await log.append(to(B, 0, stocked(3)))
    const positions = async (filter: object, range = {}): Promise<number[]> =>
      (await log.find(filter, { first: 10, ...range })).events.map(({ position }) => position)
    expect(await positions({}), 'all').to.deep.equal([1, 2, 3, 4])
    expect(await positions({ types: ['LocationOpened'] }), 'types').to.deep.equal([3])
    expect(await positions({ streams: [A, B] }), 'streams').to.deep.equal([1, 2, 4])
    expect(await positions({ skus: ['B'] }), 'skus').to.deep.equal([4])
    expect(await positions({ locations: ['BER'], skus: ['A'] }), 'locations and skus').to.deep.equal([1, 2])
    expect(await positions({ reference: 'r' }), 'reference').to.deep.equal([1])
    expect(await positions({ correlationId: 'c-2' }), 'correlationId').to.deep.equal([3])
    expect(await positions({ recordedFrom: START + 1_000 }), 'recordedFrom').to.deep.equal([3, 4])
    expect(await positions({ recordedTo: START + 1_000 }), 'recordedTo').to.deep.equal([1, 2])
    expect(await positions({ occurredFrom: START }), 'occurredFrom').to.deep.equal([3])
    expect(await positions({ occurredTo: START }), 'occurredTo').to.deep.equal([1, 2, 4])
    expect(await positions({ types: [] }), 'no types').to.deep.equal([])
    expect(await positions({}, { after: 1, before: 4 }), 'after and before').to.deep.equal([2, 3])
    const last = await log.find({}, { last: 2 })
    expect([last.events.map(({ position }) => position), last.hasMore], 'last 2').to.deep.equal([[3, 4], true])
    expect((await log.find({}, { first: 4 })).hasMore, 'first 4 of 4').to.equal(false)
  })

  it('is the same after it was reopened', async () => {
    const before = await bench.open()
    await before.append(to(A, 0, stocked(1), stocked(2)))
    const events = await everything(before)
    await before.close()
    const after = await bench.open()
    expect(after.id, 'the id').to.equal(before.id)
    expect(await everything(after)).to.deep.equal(events)
    bench.now -= 60_000
    const [next] = await after.append(to(A, 2, stocked(3)))
    expect(next, 'time never falls').to.include({ position: 3, version: 3, recordedAt: START })
  })

  it('takes an append over many streams whole or not at all', async () => {
    const log = await bench.open()
    await log.append(to(A, 0, stocked(1)))
    const events = [{ stream: B, event: stocked(2) }, { stream: A, event: stocked(3) }]
    const error = await rejection(log.append({ streams: [{ stream: B, expectedVersion: 0 }, { stream: A, expectedVersion: 0 }], events }))
    expect(error).to.be.instanceOf(VersionMismatch).and.include({ stream: A, expectedVersion: 0, actualVersion: 1 })
    expect(await log.readStream(B, 1), 'nothing of the refused append').to.deep.equal([])
    const done = await log.append({ streams: [{ stream: B, expectedVersion: 0 }, { stream: A, expectedVersion: 1 }], events })
    expect(done.map(({ stream, version, position }) => [stream, version, position])).to.deep.equal([[B, 1, 2], [A, 2, 3]])
    expect(await rejection(log.append({ streams: [{ stream: A, expectedVersion: 1 }], events: [] })), 'a check alone')
      .to.be.instanceOf(VersionMismatch)
  })

  it('takes appends that build on one another before the first is written, and tells of them in order', async () => {
    const log = await bench.open()
    const told: number[] = []
    const off = log.onCommit((events) => { told.push(...events.map(({ position }) => position)) })
    const resolved: number[] = []
    const appends = Array.from({ length: 50 }, async (_, version) => {
      const [event] = await log.append(to(A, version, stocked(version)))
      expect(told, 'listeners hear before the append resolves').to.include(event!.position)
      resolved.push(event!.version)
    })
    await Promise.all(appends)
    const inOrder = Array.from({ length: 50 }, (_, n) => n + 1)
    expect(resolved).to.deep.equal(inOrder)
    expect(told).to.deep.equal(inOrder)
    const commits = (await bench.lines()).filter((line) => line.startsWith('{"commit"'))
    expect(commits, 'one turn, one batch').to.have.length(1)
    off()
    await log.append(to(A, 50, stocked(1)))
    expect(told, 'after unsubscribing').to.have.length(50)
  })

  it('answers a repeated append with what stands there', async () => {
    const log = await bench.open()
    const append = to(A, 0, stocked(1), stocked(2))
    const [first, atOnce] = await Promise.all([log.append(append), log.append(append)])
    expect(atOnce, 'repeated while on its way').to.deep.equal(first)
    expect(await log.append(append), 'repeated later').to.deep.equal(first)
    expect(log.head()).to.equal(2)
    const half = to(A, 0, stocked(1, {}, first[0]!.id), stocked(9))
    expect(await rejection(log.append(half)), 'only one id is the same').to.be.instanceOf(VersionMismatch)
    expect((await rejection(log.append(to(B, 0, stocked(1, {}, first[0]!.id))))).message, 'an id taken elsewhere').to.match(/is taken/)
  })

  it('refuses more than may wait, and takes it later', async () => {
    const log = await bench.open()
    const many = log.append(to(A, 0, ...Array.from({ length: 20_000 }, (_, n) => stocked(n))))
    expect(await rejection(log.append(to(B, 0, stocked(1))))).to.include({ name: 'Unavailable', retryAfterMs: 250 })
    await many
    await log.append(to(B, 0, stocked(1)))
    expect(ids(await everything(log))).to.have.length(20_001)
  })

  it('builds its index anew where it is missing, broken or of another log', async () => {
    const index = join(bench.directory, 'index.sqlite')
    const log = await bench.open()
    await log.append(to(A, 0, stocked(1, { idempotency: { key: 'k', fingerprint: 'f', events: 1 } })))
    await log.append(to(A, 1, stocked(2)))
    const events = await everything(log)
    await log.close()
    for (const [how, harm] of [
      ['deleted', () => rm(index)],
      ['overwritten', () => writeFile(index, 'no database at all'.repeat(1_000))],
    ] as const) {
      await harm()
      const reopened = await bench.open()
      expect(await reopened.readStream(A, 1), how).to.deep.equal(events)
      expect(await reopened.command('k'), how).to.deep.equal([events[0]])
      await reopened.close()
    }
    const another = await Workbench.create()
    const other = await another.open()
    await other.append(to(A, 0, stocked(9)))
    await other.close()
    await cp(join(another.directory, 'index.sqlite'), index)
    await another.remove()
    expect(await (await bench.open()).readStream(A, 1), 'of another log').to.deep.equal(events)
    expect(bench.logger.lines.filter((line) => line.includes('Building the index'))).to.have.length(3)
  })

  it('indexes only the tail where the index stays behind', async () => {
    const log = await bench.open()
    await log.append(to(A, 0, stocked(1)))
    await log.close()
    const index = join(bench.directory, 'index.sqlite')
    const behind = await readFile(index)
    const again = await bench.open()
    await again.append(to(A, 1, stocked(2)))
    await again.close()
    await writeFile(index, behind)
    const caughtUp = await bench.open()
    expect(await caughtUp.readStream(A, 1)).to.have.length(2)
    expect(bench.logger.lines, 'nothing was built anew').to.deep.equal([])
  })

  it('rolls over segments and reads across them', async () => {
    const log = await bench.open({ segmentBytesMax: 1_000 })
    for (let version = 0; version < 20; version++) await log.append(to(A, version, stocked(version)))
    const events = await everything(log)
    await log.close()
    expect((await bench.segments()).length, 'segments').to.be.greaterThan(4)
    await rm(join(bench.directory, 'index.sqlite'))
    const reopened = await bench.open({ segmentBytesMax: 1_000 })
    expect(await everything(reopened)).to.deep.equal(events)
    expect(await reopened.readStream(A, 1)).to.deep.equal(events)
    expect(events).to.have.length(20)
  })

  it('writes lines that are JSON each, with times that people can read', async () => {
    const log = await bench.open()
    await log.append(to(A, 0, stocked(1)))
    const [header, event, commit] = (await bench.lines()).map((line) => JSON.parse(line) as { commit?: object })
    expect(header).to.include({ log: log.id, format: 1, first: 1 })
    expect(event).to.include({ position: 1, occurredAt: '2025-12-31T23:59:59.995Z', recordedAt: '2026-01-01T00:00:00.000Z' })
    expect(commit!.commit).to.include({ position: 1, events: 1 })
  })
})
