import { expect } from 'chai'
import { mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { visit } from './browser.ts'
import { describeInBrowser } from './in-browser.ts'
import { type Shop, skuOf } from './shop.ts'

/** Where a person finds the pictures. */
const FOLDER = join(tmpdir(), 'stockstream-screenshots')
/** SCREENSHOTS=docs/images makes the README's pictures anew; they take some seconds, so that there is something to see. */
const README_FOLDER = process.env.SCREENSHOTS
const README_PICTURES = new Set(['overview-light', 'stock-level-light'])
const README_ROUNDS = 20
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  narrow: { viewport: { width: 390, height: 844 }, locale: 'es-ES' },
} as const
const VIEWS = { overview: '/', stock: '/#/stock?show=onlyLow', 'stock-level': `/#/stock/LIS/${skuOf(9)}`, reservations: '/#/reservations?status=ANY', transfers: '/#/transfers?status=ANY', webhooks: '/#/webhooks', audit: '/#/audit' }

/** Of what there is enough for all the selling. */
const TRADED = [skuOf(9), skuOf(18), skuOf(27)]

/** Carts and deliveries in each state, so that there is something to look at. */
async function promise(shop: Shop): Promise<void> {
  for (const [index, reference] of ['web-order 58121', 'web-order 58122, to be collected by the customer on Saturday morning', 'phone 77'].entries()) {
    await shop.act('reserveStock', { lines: [{ sku: skuOf(9), location: 'LIS', quantity: 2 + index }, { sku: skuOf(18), location: 'SAO', quantity: 1 }], reference, expiresInSeconds: 3_600 * (index + 1) })
  }
  await shop.act('reserveStock', { lines: [{ sku: skuOf(27), location: 'LIS', quantity: 6 }] })
  for (const [path, eventTypes] of [['orders', ['ReservationPlaced', 'ReservationFulfilled']], ['warehouse', ['*']]] as const) {
    await shop.act('registerWebhook', { url: `http://127.0.0.1:9/${path}`, eventTypes })
  }
  for (const [index, reference] of ['TR-881', 'TR-882', 'TR-883'].entries()) {
    await shop.act('dispatchTransfer', { from: 'RTM', to: index === 1 ? 'SAO' : 'LIS', lines: [{ sku: skuOf(9), quantity: 6 + index }, { sku: skuOf(10), quantity: 4 }], reference })
  }
}

interface Violation { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[] }

describeInBrowser('the looks of the dashboard', (scene) => {
  before(async () => {
    mkdirSync(FOLDER, { recursive: true })
    const movements = TRADED.flatMap((sku) => ['LIS', 'SAO'].map((location) => ({ sku, location, delta: 900, reference: 'PO-2000' })))
    await scene.shop.act('applyMovements', { movements })
    await promise(scene.shop)
  })

  /** A few sales, so that there is something to look at. */
  async function trade(): Promise<void> {
    for (const [index, quantity] of [4, 2, 11, 1, 7, 3, 5, 2, 6, 1, 8, 2].entries()) {
      const isDelivery = index % 4 === 2
      const target = { sku: TRADED[index % TRADED.length] ?? '', location: index % 2 === 0 ? 'LIS' : 'SAO', quantity, reference: `${isDelivery ? 'PO' : 'T'}-${2_040 + index}` }
      await (isDelivery ? scene.shop.act('addStock', target) : scene.shop.act('removeStock', { ...target, reason: 'SOLD' }))
    }
  }

  async function picture(page: Page, path: string): Promise<void> {
    for (let round = 0; round < README_ROUNDS; round += 1) {
      await trade()
      await page.waitForTimeout(300 + (round * 7919) % 900)
    }
    await page.screenshot({ path })
  }

  for (const [look, options] of Object.entries(LOOKS)) {
    for (const [view, path] of Object.entries(VIEWS)) {
      it(`are readable for everybody: ${view}, ${look}`, async () => {
        const { page, context, complaints } = await visit(scene.browser, scene.shop.url + path, options)
        try {
          await page.locator('[data-connection="live"]').waitFor()
          await trade()
          await page.locator('.feed li, tr[data-level], tr.event, tr[data-row]').first().waitFor()
          const opener = page.locator('.opener').first()
          if (await opener.count() > 0) await opener.click()
          await page.evaluate(AXE)
          const { violations } = await page.evaluate<{ violations: readonly Violation[] }>('axe.run()')
          const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
          expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''} ${nodes[0]?.failureSummary ?? ''}`)).to.deep.equal([])
          expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), 'it fits the screen').to.equal(true)
          await page.screenshot({ path: join(FOLDER, `${view}-${look}.png`) })
          if (README_FOLDER && README_PICTURES.has(`${view}-${look}`)) await picture(page, join(README_FOLDER, `${view}.png`))
          expect(complaints).to.deep.equal([])
        } finally {
          await context.close()
        }
      })
    }
  }

  it('include an explorer that asks and subscribes', async () => {
    const { page, context, complaints } = await visit(scene.browser, `${scene.shop.url}/graphiql`)
    try {
      await page.locator('.graphiql-query-editor', { hasText: 'stockLevels' }).waitFor()
      await page.getByRole('button', { name: /execute/i }).click()
      await page.locator('.result-window', { hasText: 'totalCount' }).waitFor()
      const editor = page.locator('.graphiql-query-editor')
      await editor.click()
      await page.keyboard.press('Control+A')
      await page.keyboard.insertText('subscription Watch { stockChanged { event { reference } } }')
      await page.getByRole('tab', { name: 'Watch' }).waitFor()
      await page.getByRole('button', { name: /execute/i }).click()
      await page.getByRole('button', { name: /stop/i }).waitFor()
      await trade()
      await page.locator('.result-window', { hasText: 'T-2051' }).waitFor()
      expect(complaints).to.deep.equal([])
    } finally {
      await context.close()
    }
  })
})
