import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { hasPromtool, promtool } from '../infrastructure/telemetry/promtool.ts'
import { type RunningServer, startRunningServer } from '../infrastructure/telemetry/running-server.ts'

interface Rule { readonly alert: string; readonly expr: string }
interface Panel { readonly title: string; readonly targets: readonly { readonly expr: string }[] }

const root = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const RULES = 'ops/prometheus/alerts.yaml'
const OPERATIONS = 'docs/operations.md'

const rules = (parse(read(RULES)) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules)
const { panels } = JSON.parse(read('ops/grafana/stockstream.json')) as { panels: readonly Panel[] }

/** Names of metrics in an expression, without what Prometheus makes of histograms. */
const metricsIn = (text: string): string[] =>
  [...text.matchAll(/\b(?:stockstream|nodejs|process)_\w+/g)].map(([name]) => name.replace(/_(?:bucket|sum|count)$/, ''))

describe('what operators are given', () => {
  let server: RunningServer
  let live: Set<string>

  before(async () => {
    server = await startRunningServer()
    live = new Set((await server.scrape()).filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2]!))
  })
  after(async () => { await server.close() })

  it('names no metric that the server does not have', () => {
    const named = [...rules, ...panels.flatMap(({ targets }) => targets)].flatMap(({ expr }) => metricsIn(expr))
    expect(new Set(named).size).to.be.greaterThan(15)
    expect([...new Set(named)].filter((name) => !live.has(name))).to.deep.equal([])
  })

  it('explains each metric of ours, each alert, and none that there is not', () => {
    const text = read(OPERATIONS)
    const ours = [...live].filter((name) => name.startsWith('stockstream_'))
    expect(ours.filter((name) => !text.includes(`\`${name}\``)), 'not explained').to.deep.equal([])
    expect(metricsIn(text).filter((name) => name.startsWith('stockstream_') && !live.has(name)), 'not there').to.deep.equal([])
    const explained = [...text.matchAll(/^\| (Stockstream\w+) \|/gm)].map(([, name]) => name)
    expect(explained.sort()).to.deep.equal(rules.map(({ alert }) => alert).sort())
  })

  it('explains log lines that there are', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts')).map((file) => read(join('src', file))).join('\n')
    const lines = read(OPERATIONS).split('\n').filter((line) => /^\| `.*\| (?:info|warn|error) \|/.test(line))
    const named = lines.flatMap((line) => [...line.matchAll(/`([A-Z][^`]*)`/g)].map(([, text]) => text!.replace(/ ?…$/, ''))).filter((text) => !text.startsWith('OTEL'))
    expect(named.length).to.be.greaterThan(8)
    expect(named.filter((text) => !sources.includes(`'${text}`))).to.deep.equal([])
  })

  for (const args of [['check', 'rules', RULES], ['check', 'config', 'ops/prometheus/prometheus.yaml'], ['test', 'rules', 'ops/prometheus/alerts.test.yaml']]) {
    it(`passes promtool ${args.join(' ')}`, async function () {
      if (!hasPromtool()) this.skip()
      const { code, output } = await promtool(args)
      expect(code, output).to.equal(0)
    })
  }
})
