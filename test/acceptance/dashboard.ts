/**
 * A dashboard that is kept open: 100,000 stock levels, 200 changes a second for a minute, on the overview and on the
 * stock table. `npx tsx test/acceptance/dashboard.ts [LEVELS] [CHANGES A SECOND] [SECONDS]`, after `npm run build`.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { CDPSession, Page } from 'playwright-core'
import { openBrowser, visit } from '../web/browser.ts'
import { type Server, startServer } from './processes.ts'
import { printedTable } from './table.ts'

const [levels = 100_000, rate = 200, seconds = 60] = process.argv.slice(2).map(Number)
const LOCATIONS = 20
const BATCH = 10_000
const FRAMES_WANTED = 30
/** Of what the page holds when it has seen a while of changes, how much more it may hold at the end. */
const GROWTH_ALLOWED = 1.25

const INPUT = { registerProduct: 'RegisterProductInput', openLocation: 'OpenLocationInput', applyMovements: 'ApplyMovementsInput' } as const
const act = (server: Server, field: keyof typeof INPUT, input: object): Promise<unknown> =>
  server.ask(`mutation($input: ${INPUT[field]}!) { ${field}(input: $input) { userErrors { code message } } }`, { input })

const skuOf = (number: number): string => `P-${String(number).padStart(6, '0')}`
const codeOf = (number: number): string => `L-${number}`

async function fill(server: Server): Promise<void> {
  const products = Math.ceil(levels / LOCATIONS)
  for (let number = 0; number < LOCATIONS; number += 1) await act(server, 'openLocation', { code: codeOf(number), name: `Location ${number}` })
  for (let number = 0; number < products; number += 50) {
    await Promise.all(Array.from({ length: Math.min(50, products - number) }, (_, offset) => act(server, 'registerProduct', { sku: skuOf(number + offset), name: `Product ${number + offset}` })))
  }
  const movements = Array.from({ length: levels }, (_, index) => ({ sku: skuOf(Math.floor(index / LOCATIONS)), location: codeOf(index % LOCATIONS), delta: 1_000 }))
  for (let from = 0; from < levels; from += BATCH) await act(server, 'applyMovements', { movements: movements.slice(from, from + BATCH) })
}

/** Sales all over, in batches of a tenth of a second, until the time is over. Resolves with how many there were. */
async function sell(server: Server, signal: AbortSignal): Promise<number> {
  let sold = 0
  for (const started = performance.now(); !signal.aborted;) {
    const due = Math.floor((performance.now() - started) / 1_000 * rate) - sold
    const movements = Array.from({ length: due }, (_, offset) => ({ sku: skuOf((sold + offset) * 7 % Math.min(40, levels / LOCATIONS)), location: codeOf((sold + offset) % LOCATIONS), delta: -1 }))
    if (due > 0) await act(server, 'applyMovements', { movements })
    sold += Math.max(0, due)
    await pause(100)
  }
  return sold
}

const COUNT_FRAMES = `new Promise((resolve) => {
  const started = performance.now()
  let frames = 0
  let last = started
  let longest = 0
  requestAnimationFrame(function frame(now) {
    frames += 1
    longest = Math.max(longest, now - last)
    last = now
    if (now - started < ${seconds} * 1000) requestAnimationFrame(frame)
    else resolve({ framesASecond: frames / (now - started) * 1000, longest })
  })
})`

/** What the page holds after its rubbish was collected, in MB. */
async function heldMB(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / 1e6
}

async function watch(page: Page, server: Server, name: string): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const selling = new AbortController()
  const sold = sell(server, selling.signal)
  await pause(5_000)
  const before = await heldMB(session)
  const { framesASecond, longest } = await page.evaluate<{ framesASecond: number; longest: number }>(COUNT_FRAMES)
  selling.abort()
  const changes = await sold
  await pause(2_000)
  const after = await heldMB(session)
  table.row(`${name}: changes a second`, (changes / (seconds + 5)).toFixed(0), `about ${rate}`)
  table.row(`${name}: frames a second`, framesASecond.toFixed(1), `over ${FRAMES_WANTED}`, framesASecond > FRAMES_WANTED)
  table.row(`${name}: longest frame`, `${longest.toFixed(0)} ms`)
  table.row(`${name}: heap at first and at last`, `${before.toFixed(1)} and ${after.toFixed(1)} MB`, 'flat', after < before * GROWTH_ALLOWED)
}

const store = await mkdtemp(join(tmpdir(), 'stockstream-dashboard-'))
const table = printedTable()
const server = await startServer(store)
const browser = await openBrowser()
try {
  await fill(server)
  for (const [name, path] of [['overview', '/'], ['stock table', '/#/stock']] as const) {
    const { page, context, complaints } = await visit(browser, new URL(path, server.url).href)
    await page.locator('[data-connection="live"]').waitFor()
    await watch(page, server, name)
    table.row(`${name}: complaints`, complaints.length, '0', complaints.length === 0)
    await context.close()
  }
} finally {
  await browser.close()
  await server.stop()
  await rm(store, { recursive: true })
}
if (table.failures.length > 0) process.exitCode = 1
