import { lookup } from 'node:dns/promises'
import { BlockList, isIP, isIPv4 } from 'node:net'

/** What is not to be reached from a server by whoever may name a URL. */
const IPV4: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT, and a cloud's metadata
  ['127.0.0.0', 8], // loopback
  ['168.63.129.16', 32], // a cloud's host, from its guests
  ['169.254.0.0', 16], // link-local, and clouds' metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments, and a cloud's metadata
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, and broadcast
]

/** All but 2000::/3, which is what of IPv6 is global: so also mapped, translated, local and multicast addresses. */
const IPV6: readonly (readonly [network: string, prefix: number])[] = [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23], // protocol assignments, Teredo among them
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
]

export interface Addresses {
  /** Whether this address may be connected to for this host. */
  isAllowed(host: string, address: string): boolean
  /** The host's first address; NotAllowed where any of them may not be connected to, or the error of the lookup. */
  resolve(host: string): Promise<string>
}

export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
  constructor(host: string, address: string) {
    const at = host === address ? address : `${host} is at ${address}, which`
    super(`${at} is no public address: a server may only be told to post to others where WEBHOOK_ALLOW names them.`)
  }
}

/** `allow`: names of hosts, addresses, and networks as address/prefix, that may be connected to all the same. */
export function createAddresses(allow: readonly string[]): Addresses {
  const refused = new BlockList()
  for (const [network, prefix] of IPV4) refused.addSubnet(network, prefix, 'ipv4')
  for (const [network, prefix] of IPV6) refused.addSubnet(network, prefix, 'ipv6')
  const hosts = new Set(allow.filter((entry) => isIP(networkOf(entry)) === 0).map((name) => name.toLowerCase()))
  const allowed = new BlockList()
  for (const entry of allow.filter((each) => isIP(networkOf(each)) !== 0)) addNetwork(allowed, entry)

  const isAllowed = (host: string, address: string): boolean =>
    hosts.has(host.toLowerCase()) || allowed.check(address, family(address)) || !refused.check(address, family(address))

  return {
    isAllowed,
    async resolve(host) {
      const addresses = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host]
      for (const address of addresses) if (!isAllowed(host, address)) throw new NotAllowed(host, address)
      const [first] = addresses
      if (first === undefined) throw new Error(`${host} has no address.`)
      return first
    },
  }
}

const family = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6')
const networkOf = (entry: string): string => entry.split('/')[0] ?? ''

function addNetwork(list: BlockList, entry: string): void {
  const [network = '', prefix] = entry.split('/')
  if (prefix === undefined) list.addAddress(network, family(network))
  else list.addSubnet(network, Number(prefix), family(network))
}

/** The host as a connection takes it: without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')
