import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { hasPromtool, promtool } from '../infrastructure/telemetry/promtool.ts'

interface Service { readonly environment?: Readonly<Record<string, string>>; readonly volumes?: readonly string[]; readonly depends_on?: object; readonly healthcheck?: object }
interface Container { readonly env?: readonly { readonly name: string; readonly value: string }[]; readonly securityContext: object; readonly readinessProbe: object }
interface Manifest {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly selector: { readonly matchLabels?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>
    readonly template?: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: { readonly securityContext: object; readonly containers: readonly Container[] } }
  }
}

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const { services } = parse(read('compose.yaml'), { merge: true }) as { services: Readonly<Record<string, Service>> }
const manifests = parseAllDocuments(read('ops/kubernetes/stockstream.yaml')).map((document) => document.toJS() as Manifest)
const nodes = Object.entries(services).filter(([name]) => name.startsWith('node-'))

/** As whoever fills in the variables would have it. */
const filled = (text: string): string => text.replace(/\$\{(\w+):\?[^}]*\}/g, (_, name: string) => `${name.toLowerCase().replaceAll('_', '')}-0123456789-0123456789-0123456789`)

describe('the deployment', () => {
  it('of compose.yaml starts three nodes with settings that the server takes, of which one delivers webhooks', () => {
    const configs = nodes.map(([, { environment = {} }]) => readConfig(Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filled(value)]))))
    expect(configs).to.have.length(3)
    expect(configs.filter(({ role, deliversWebhooks }) => role !== 'read' && deliversWebhooks)).to.have.length(1)
    for (const { eventBus, cacheUrl, eventStoreUrl } of configs) {
      expect(Object.keys(services)).to.include.members([new URL(eventStoreUrl).hostname, new URL(cacheUrl).hostname, eventBus?.brokers[0]?.split(':')[0]])
    }
  })
  it('of compose.yaml mounts files that there are, but for secrets', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) => volumes).flatMap((volume) => /^\.\/([^:]+):/.exec(volume)?.[1] ?? [])
    expect(mounted.length).to.be.above(3)
    for (const path of mounted.filter((name) => !['webhook.key', 'prometheus.token'].includes(name))) expect(() => read(path), path).to.not.throw()
  })
  it('has its proxy send commands to nodes that take them, and questions to all', () => {
    const [commands = '', questions = ''] = [...read('ops/proxy/nginx.conf').matchAll(/upstream \w+ \{([^}]*)\}/g)].map(([, servers]) => servers)
    const named = (text: string): string[] => [...text.matchAll(/server (node-\d):4000/g)].map(([, name]) => name ?? '')
    expect(named(questions)).to.have.members(nodes.map(([name]) => name))
    expect(named(commands)).to.have.members(nodes.filter(([, { environment }]) => environment?.ROLE !== 'read').map(([name]) => name))
  })
  it('of Kubernetes selects what it starts, as nobody in particular and with probes', () => {
    const started = manifests.flatMap(({ metadata, spec: { template, selector } }) => (template ? [{ ...metadata, template, selector }] : []))
    expect(started.map(({ name }) => name)).to.deep.equal(['stockstream-write', 'stockstream-read'])
    for (const { template: { metadata: { labels }, spec: { containers, securityContext } }, selector } of started) {
      expect(selector.matchLabels).to.deep.equal(labels)
      expect(securityContext).to.include({ runAsNonRoot: true })
      for (const container of containers) expect(container).to.include.keys('readinessProbe', 'livenessProbe', 'resources')
    }
    const services = manifests.filter(({ kind }) => kind === 'Service').map(({ spec: { selector } }) => selector)
    expect(services).to.deep.equal([{ app: 'stockstream', role: 'write' }, { app: 'stockstream', role: 'read' }])
  })
  it('watches all its nodes, in words that promtool takes', async function () {
    if (!hasPromtool()) this.skip()
    const { code, output } = await promtool(['check', 'config', '--syntax-only', 'ops/prometheus/nodes.yaml'])
    expect(code, output).to.equal(0)
    for (const [name] of nodes) expect(read('ops/prometheus/nodes.yaml')).to.include(`${name}:4000`)
  })
})
