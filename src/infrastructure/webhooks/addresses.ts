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
  /** The host's first address. Rejects with NotAllowed where any of them may not be connected to, or with the lookup's error. */
  resolve(host: string): Promise<string>
}

export class NotAllowed extends Error {
  override readonly name = 'NotAllowed'
  constructor(host: string, address: string) {
    const at = host === address ? address : `${host} is at ${address}, which`
    super(`${at} is no public address: a server may only be told to post to others where WEBHOOK_ALLOW names them.`)
  }
}

/** All addresses of a host, as a name server has them now. */
export type Lookup = (host: string) => Promise<readonly string[]>

const systemLookup: Lookup = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/** `allow`: names of hosts, addresses, and networks as address/prefix, that may be connected to all the same. */
export function createAddresses(allow: readonly string[], addressesOf: Lookup = systemLookup): Addresses {
  const isRefused = networks([...IPV4, ...IPV6])
  const isIn = networks(allow.filter((entry) => isIP(networkOf(entry)) !== 0).map((entry) => [networkOf(entry), prefixOf(entry)]))
  const hosts = new Set(allow.filter((entry) => isIP(networkOf(entry)) === 0).map((name) => name.toLowerCase()))
  const isAllowed = (host: string, address: string): boolean => hosts.has(host.toLowerCase()) || isIn(address) || !isRefused(address)

  return {
    async resolve(host) {
      const addresses = isIP(host) === 0 ? await addressesOf(host) : [host]
      for (const address of addresses) if (!isAllowed(host, address)) throw new NotAllowed(host, address)
      const [first] = addresses
      if (first === undefined) throw new Error(`${host} has no address.`)
      return first
    },
  }
}

/** Tells the addresses that are in one of the networks. A list a family: one for both would take each IPv4 address for its mapped one, too. */
function networks(of: readonly (readonly [network: string, prefix: number])[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const [network, prefix] of of) lists[family(network)].addSubnet(network, prefix, family(network))
  return (address) => lists[family(address)].check(address, family(address))
}

const family = (address: string) => (isIPv4(address) ? 'ipv4' : 'ipv6')
const networkOf = (entry: string): string => entry.split('/')[0] ?? ''
const prefixOf = (entry: string): number => Number(entry.split('/')[1] ?? (isIPv4(entry) ? 32 : 128))

/** The host as a connection takes it: without the brackets of an IPv6 address. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')
