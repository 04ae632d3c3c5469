import { expect } from 'chai'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Unauthenticated } from '../../src/application/access/identity.ts'
import { type Authenticator, Unavailable } from '../../src/application/ports.ts'
import { startServer } from '../../src/cli/server.ts'
import { readConfig } from '../../src/config.ts'
import { requireToken } from '../../src/infrastructure/auth/authenticator.ts'
import { createManualClock } from '../../src/infrastructure/memory/manual-clock.ts'
import { stockstream, stockstreamWith, temporaryFolder } from './cli-process.ts'

describe('stockstream keys', () => {
  let folder: string
  let remove: () => Promise<void>
  let file: string
  let authenticator: Authenticator
  const clock = createManualClock(Date.now())

  beforeEach(async () => {
    ({ folder, remove } = await temporaryFolder())
    file = join(folder, 'api-keys.json')
    authenticator = requireToken({ keyFile: file, clock })
  })
  afterEach(() => remove())

  const keys = (...args: readonly string[]) => stockstream('keys', ...args, '--store', folder)
  const add = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await keys('add', ...args)
    expect(code, stderr).to.equal(0)
    return stdout.trim()
  }
  const failure = (token: string | undefined): Promise<unknown> => authenticator.authenticate(token).then(() => undefined, (reason: unknown) => reason)

  it('makes a key that is shown once, good at once, and kept as a hash for this user alone', async () => {
    const key = await add('till-7', '--role', 'clerk', '--location', 'LIS', '--location', 'OPO')
    expect(await authenticator.authenticate(key)).to.deep.equal({ actor: 'till-7', role: 'clerk', locations: new Set(['LIS', 'OPO']) })
    expect(await readFile(file, 'utf8')).not.to.include(key).and.not.include(key.slice(-43))
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    const { stdout } = await keys('list')
    expect(stdout).to.include('till-7').and.include('clerk').and.include('LIS, OPO').and.not.include(key.slice(-43))
    const [listed] = JSON.parse((await keys('list', '--json')).stdout) as [object]
    expect(listed).to.include({ name: 'till-7', role: 'clerk' }).and.not.have.property('sha256')
  })

  it('binds a key to no location unless told, and lets it read alone', async () => {
    expect(await authenticator.authenticate(await add('board'))).to.deep.equal({ actor: 'board', role: 'reader', locations: 'all' })
  })

  it('revokes a key from the next request on, by its name or its id', async () => {
    const [first, second] = [await add('till-1'), await add('till-2')]
    expect((await authenticator.authenticate(first)).actor).to.equal('till-1')
    expect((await keys('revoke', 'till-1')).code).to.equal(0)
    expect(await failure(first)).to.be.instanceOf(Unauthenticated)
    expect((await authenticator.authenticate(second)).actor).to.equal('till-2')
    expect((await keys('revoke', second.split('_')[1]!)).code).to.equal(0)
    expect(await failure(second)).to.be.instanceOf(Unauthenticated)
    expect((await keys('list')).stdout.match(/revoked/g)).to.have.length(2)
    expect((await authenticator.authenticate(await add('till-1'))).actor, 'the name is free again').to.equal('till-1')
  })

  it('lets a key end by itself', async () => {
    const key = await add('guest', '--days', '1')
    expect((await authenticator.authenticate(key)).expiresAt).to.be.greaterThan(clock.now())
    clock.advance(2 * 86_400_000)
    expect(await failure(key)).to.be.instanceOf(Unauthenticated)
  })

  it('refuses what is no key, or not quite one, and says no more than that', async () => {
    const key = await add('till-7')
    for (const token of ['x', `${key}x`, key.slice(0, -1), `${key.slice(0, -1)}${key.endsWith('A') ? 'B' : 'A'}`, key.replace('ssk_', 'SSK_'), 'ssk_0000000000000000_'.padEnd(64, 'a')]) {
      const error = await failure(token)
      expect(error, token).to.be.instanceOf(Unauthenticated).with.property('message', 'The token is not valid here.')
    }
    for (const none of [undefined, '']) expect(await failure(none)).to.be.instanceOf(Unauthenticated).with.property('message').that.includes('Bearer')
  })

  it('lets nobody in by a file that is damaged, until it is whole again', async () => {
    const key = await add('till-7')
    const whole = await readFile(file, 'utf8')
    for (const text of ['{', '{}', whole.replace('"reader"', '"owner"')]) {
      await writeFile(file, text)
      expect(await failure(key), text).to.be.instanceOf(Unavailable)
    }
    expect((await keys('list')).code).to.equal(1)
    await writeFile(file, whole)
    expect((await authenticator.authenticate(key)).actor).to.equal('till-7')
  })

  it('keeps all keys that are made at the same time', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => add(name)))
    expect((JSON.parse((await keys('list', '--json')).stdout) as { name: string }[]).map(({ name }) => name)).to.have.members(['a', 'b', 'c'])
  })

  it('lets an import in through a server that asks for a token, by the key of one who may, and puts their name on it', async () => {
    const [admin, reader] = [await add('importer', '--role', 'admin'), await add('board')]
    const server = await startServer(readConfig({ STORE_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' }))
    try {
      const rows = join(folder, 'rows.csv')
      await writeFile(rows, 'sku,location,delta\nTEA,LIS,4\n')
      const through = ['import', rows, '--create-missing', '--json', '--url', server.url]
      expect((await stockstream(...through)).stderr).to.include('Send a token')
      expect((await stockstreamWith(reader, ...through)).stderr).to.include('takes the role')
      const { code, stdout, stderr } = await stockstreamWith(admin, ...through)
      expect([code, stdout.includes('"applied":1')], stderr).to.deep.equal([0, true])
      const { events } = await server.inventory.events.find({}, { first: 10 })
      expect(events.map(({ type, metadata: { actor } }) => [type, actor])).to.deep.equal([['ProductRegistered', 'importer'], ['LocationOpened', 'importer'], ['StockAdded', 'importer']])
    } finally {
      await server.close()
    }
  })

  for (const [args, hint] of [
    [['add', 'two words'], 'for example till-7'],
    [['add', 'till', '--role', 'owner'], 'reader, clerk, manager, admin'],
    [['add', 'till', '--days', '0'], 'from 1 to 3650'],
    [['revoke', 'nobody'], 'keys list'],
  ] as const) {
    it(`refuses keys ${args.join(' ')}, and says what to write instead`, async () => {
      const { code, stderr } = await keys(...args)
      expect(code).to.be.greaterThan(0)
      expect(stderr).to.include(hint)
    })
  }

  it('does not make a second key of a name', async () => {
    await add('till-7')
    expect((await keys('add', 'till-7')).stderr).to.include('revoke it first')
  })
})
