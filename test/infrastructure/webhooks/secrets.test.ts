import { expect } from 'chai'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BadWebhookKey, openWebhookSecrets } from '../../../src/infrastructure/webhooks/secrets.ts'

describe('secrets of webhooks', () => {
  let directory: string
  let file: string
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stockstream-secrets-'))
    file = join(directory, 'store', 'webhook.key')
  })
  afterEach(() => { rmSync(directory, { recursive: true }) })

  it('are the same after a restart, and one for each webhook and rotation', () => {
    const { keyId, secret } = openWebhookSecrets(file)
    const again = openWebhookSecrets(file)
    const made = [secret('a', { keyId, generation: 1 }), secret('a', { keyId, generation: 2 }), secret('b', { keyId, generation: 1 })]
    expect(new Set(made).size).to.equal(3)
    expect(again.secret('a', { keyId: again.keyId, generation: 2 })).to.equal(made[1])
    for (const each of made) expect(Buffer.from(each.replace('whsec_', ''), 'base64')).to.have.length(32)
  })

  it('come from a key that only this user can read, and that is in none of them', () => {
    const { keyId, secret } = openWebhookSecrets(file)
    expect(statSync(file).mode & 0o777).to.equal(0o600)
    const key = readFileSync(file, 'utf8').trim()
    expect(Buffer.from(key, 'base64')).to.have.length(32)
    expect(`${keyId} ${secret('a', { keyId, generation: 1 })}`).to.not.include(key)
  })

  it('are not made from another key than theirs', () => {
    const { keyId } = openWebhookSecrets(file)
    rmSync(file)
    const other = openWebhookSecrets(file)
    expect(other.keyId).to.not.equal(keyId)
    expect(() => other.secret('a', { keyId, generation: 1 })).to.throw('rotate the secret')
  })

  for (const damage of ['', 'c2hvcnQ=', 'x'.repeat(100)]) {
    it(`are not made from a file that holds ${JSON.stringify(damage)}, which stays as it is`, () => {
      openWebhookSecrets(file)
      writeFileSync(file, damage)
      expect(() => openWebhookSecrets(file)).to.throw(BadWebhookKey, file)
      expect(readFileSync(file, 'utf8')).to.equal(damage)
    })
  }
})
