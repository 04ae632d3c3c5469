import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Unauthenticated } from '../../src/application/access/identity.ts'
import { accessOf } from '../../src/cli/access.ts'
import { ConfigError, readConfig } from '../../src/config.ts'
import { apiKeyFile, changeApiKeys } from '../../src/infrastructure/auth/api-key-file.ts'
import { silent } from '../application/test-inventory.ts'
import { newKey } from '../../src/infrastructure/auth/api-key.ts'

const secret = 'x'.repeat(32)

describe('who is let in', () => {
  let folder: string

  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'stockstream-access-')) })
  afterEach(() => rm(folder, { recursive: true }))

  const access = (environment: Record<string, string> = {}) => accessOf(readConfig({ STORE_DIR: folder, ...environment }), silent)
  const failure = (environment: Record<string, string>): Promise<unknown> => access(environment).then(() => undefined, (reason: unknown) => reason)
  const isClosed = async (environment: Record<string, string> = {}): Promise<boolean> =>
    (await access(environment)).authenticator.authenticate(undefined).then(() => false, (reason: unknown) => reason instanceof Unauthenticated)

  it('is anybody on this machine, where nothing is set up, and that is told', async () => {
    for (const HOST of ['127.0.0.1', '127.0.0.2', 'localhost', '::1']) {
      const { authenticator, notice, isOpenToOthers } = await access({ HOST })
      expect(await authenticator.authenticate(undefined)).to.deep.equal({ role: 'admin', locations: 'all' })
      expect(notice).to.include('on this machine')
      expect(isOpenToOthers).to.equal(false)
    }
  })

  it('is nobody elsewhere, unless it is said', async () => {
    for (const HOST of ['0.0.0.0', '::', '192.168.1.7', 'stock.example', '']) {
      expect(await failure({ HOST }), HOST).to.be.instanceOf(ConfigError).with.property('message').that.includes('keys add').and.includes('AUTH=none')
    }
    expect((await access({ HOST: '0.0.0.0', AUTH: 'none' })).isOpenToOthers).to.equal(true)
  })

  it('is who has a token, where tokens or keys are set up or it is asked for', async () => {
    expect(await isClosed({ AUTH: 'required', HOST: '0.0.0.0' })).to.equal(true)
    expect(await isClosed({ AUTH_JWT_SECRET: secret, HOST: '0.0.0.0' })).to.equal(true)
    expect(await isClosed()).to.equal(false)
    const { id, sha256 } = newKey()
    await changeApiKeys(apiKeyFile(folder), () => [{ id, sha256, name: 'till', role: 'clerk', locations: '*', createdAt: new Date().toISOString() }])
    expect(await isClosed()).to.equal(true)
    expect(await isClosed({ AUTH: 'none' })).to.equal(false)
  })

  it('stops at a file of keys that is none', async () => {
    const file = join(folder, 'jwks.json')
    expect(await failure({ AUTH_JWKS_FILE: file })).to.be.instanceOf(ConfigError)
    for (const text of ['', '{}']) {
      await writeFile(file, text)
      expect(await failure({ AUTH_JWKS_FILE: file }), text).to.be.instanceOf(ConfigError).with.property('message').that.includes('{"keys": [...]}')
    }
  })
})
