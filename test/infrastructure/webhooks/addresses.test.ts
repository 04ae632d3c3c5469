import { expect } from 'chai'
import { createAddresses, hostOf, NotAllowed } from '../../../src/infrastructure/webhooks/addresses.ts'
import { createEndpointGuard } from '../../../src/infrastructure/webhooks/guard.ts'

/** Addresses that no webhook reaches, by the URL's host. */
const REFUSED = [
  '127.0.0.1', '127.255.255.254', '0.0.0.0', '0.1.2.3', '10.0.0.1', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1',
  '169.254.169.254', '169.254.0.1', '100.64.0.1', '100.100.100.200', '100.127.255.255', '168.63.129.16', '192.0.0.192', '192.0.2.1', '192.88.99.1',
  '198.18.0.1', '198.19.255.255', '198.51.100.7', '203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
  '[::]', '[::1]', '[::127.0.0.1]', '[::ffff:127.0.0.1]', '[::ffff:8.8.8.8]', '[0:0:0:0:0:ffff:a00:1]', '[64:ff9b::7f00:1]', '[64:ff9b::8.8.8.8]', '[64:ff9b:1::1]',
  '[100::1]', '[fc00::1]', '[fd00:ec2::254]', '[fe80::1]', '[fec0::1]', '[ff02::1]', '[2001::1]', '[2001:db8::1]', '[2001:20::1]', '[2002:7f00:1::1]',
  '[2002:a00:1::]', '[3fff::1]', '[4000::1]', '[5f00::1]',
  // As the same addresses are written by those who hope that nobody looks.
  '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '127.1', '127.0.1', '①②⑦.⓪.⓪.①', '3232235521', '0xa9fea9fe', '127.0.0.1.', '[::FFFF:7F00:1]',
]
const PUBLIC = [
  '1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '126.255.255.255', '128.0.0.1', '169.253.255.255', '169.255.0.0', '172.15.255.255', '172.32.0.0',
  '192.167.255.255', '192.169.0.0', '198.17.255.255', '198.20.0.0', '223.255.255.255', '[2001:4860:4860::8888]', '[2606:4700::1111]', '[2a00::1]', '[2003::1]', '[3ffe::1]',
]

const urlOf = (host: string) => `http://${host}/hooks`
const nowhere = () => Promise.reject(Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }))

describe('where a webhook may post to', () => {
  const guard = createEndpointGuard(createAddresses([]))

  for (const host of REFUSED) it(`is not ${host}`, async () => { expect(await guard.refusal(urlOf(host))).to.include('is no public address').and.include('WEBHOOK_ALLOW') })
  for (const host of PUBLIC) it(`is ${host}`, async () => { expect(await guard.refusal(urlOf(host))).to.equal(undefined) })

  it('is not this machine by its name', async () => {
    expect(await guard.refusal(urlOf('localhost'))).to.include('localhost is at')
  })

  it('is no name that has one address among others which is not public', async () => {
    const of = (...addresses: string[]) => createEndpointGuard(createAddresses([], () => Promise.resolve(addresses))).refusal(urlOf('shop.example'))
    expect(await of('1.1.1.1', '2606:4700::1111')).to.equal(undefined)
    for (const address of ['10.0.0.1', 'fe80::1', '::ffff:10.0.0.1', '169.254.169.254']) expect(await of('1.1.1.1', address), address).to.include(`shop.example is at ${address}`)
  })

  it('is, for now, a name that nobody knows, or not soon: each connection looks again', async () => {
    expect(await createEndpointGuard(createAddresses([], nowhere)).refusal(urlOf('shop.example'))).to.equal(undefined)
    expect(await createEndpointGuard(createAddresses([], () => new Promise(() => undefined))).refusal(urlOf('shop.example'))).to.equal(undefined)
  })

  it('is what is allowed: hosts by their name, addresses, networks, and nothing beside them', async () => {
    const addresses = createAddresses(['Hooks.intranet', '127.0.0.1', '10.1.0.0/16', 'fd00::/8'], () => Promise.resolve(['10.9.9.9']))
    const isAllowed = async (host: string) => addresses.resolve(hostOf(new URL(urlOf(host)))).then(() => true, () => false)
    for (const host of ['hooks.intranet', '127.0.0.1', '10.1.2.3', '[fd12::1]']) expect(await isAllowed(host), host).to.equal(true)
    for (const host of ['a.hooks.intranet', 'intranet', '127.0.0.2', '10.2.0.1', '[fe80::1]', '[::1]']) expect(await isAllowed(host), host).to.equal(false)
  })

  it('is one address that was looked at', async () => {
    expect(await createAddresses([], () => Promise.resolve(['1.1.1.1', '9.9.9.9'])).resolve('a')).to.equal('1.1.1.1')
    const error: unknown = await createAddresses([], () => Promise.resolve([])).resolve('a').catch((reason: unknown) => reason)
    expect(error).to.be.an('error').and.not.instanceOf(NotAllowed)
  })
})
