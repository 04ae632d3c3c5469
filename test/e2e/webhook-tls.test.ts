import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Receiver, until } from '../application/webhooks/receiver.ts'
import { type Authority, createAuthority, hasOpenssl } from './certificates.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const HERE = 'IP:127.0.0.1'

describe('a webhook over TLS', () => {
  let directory: string
  let known: Authority
  let unknown: Authority
  let server: ServerProcess
  let receiver: Receiver
  let webhook: string

  before(async function () {
    if (!hasOpenssl()) this.skip()
    directory = await mkdtemp(join(tmpdir(), 'stockstream-webhook-tls-'))
    known = await createAuthority(directory, 'known')
    unknown = await createAuthority(directory, 'unknown')
    server = await startServerProcess(join(directory, 'store'), 0, { WEBHOOK_ALLOW: '127.0.0.1', NODE_EXTRA_CA_CERTS: known.file })
    receiver = await new Receiver(await known.issue(HERE)).open()
    const registered = await server.mutate('registerWebhook', { url: receiver.url, eventTypes: ['ProductRegistered'] }, 'secret webhook { id }')
    receiver.secret = String(registered.secret)
    webhook = (registered.webhook as { id: string }).id
  })

  after(async () => {
    await receiver.close()
    await server.kill('SIGTERM')
    await rm(directory, { recursive: true })
  })

  const register = (sku: string) => server.mutate('registerProduct', { sku, name: sku }, '')

  /** The delivery that is to be made. */
  async function waiting(): Promise<{ readonly attempts: number; readonly lastError: string | null } | undefined> {
    const query = `{ webhookDeliveries(webhookId: "${webhook}", statuses: [PENDING], first: 1) { nodes { attempts lastError } } }`
    const { webhookDeliveries: { nodes } } = await server.query(query) as { webhookDeliveries: { nodes: { attempts: number; lastError: string | null }[] } }
    return nodes[0]
  }

  it('is told what happens, signed, where the certificate is good', async () => {
    await register('TEA')
    await until(() => receiver.taken.length === 1)
    expect([receiver.taken[0]!.type, receiver.unverified]).to.deep.equal(['ProductRegistered', 0])
  })

  for (const [what, certificate, error] of [
    ['that nobody has signed whom the server knows', () => unknown.issue(HERE), /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/],
    ['of another host', () => known.issue('DNS:hooks.example'), /ERR_TLS_CERT_ALTNAME_INVALID/],
  ] as const) {
    it(`is sent nothing under a certificate ${what}, and all of it once that is put right`, async () => {
      const before = receiver.received.length
      receiver.show(await certificate())
      receiver.cut()
      await register(`SKU-${before}`)
      await until(async () => ((await waiting())?.attempts ?? 0) > 0)
      expect(await waiting()).to.have.property('lastError').that.matches(error)
      expect(receiver.received.length, 'it was told').to.equal(before)
      receiver.show(await known.issue(HERE))
      await until(() => receiver.taken.length === before + 1)
      expect(receiver.unverified).to.equal(0)
    })
  }
})
