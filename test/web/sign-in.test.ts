import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { type Identity, type Role, Unauthenticated } from '../../src/application/access/identity.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'
import { createPrometheus } from '../../src/infrastructure/telemetry/prometheus.ts'
import { type HttpServer, startHttpServer } from '../../src/presentation/http/server.ts'
import { openTestInventory, silent, type TestInventory } from '../application/test-inventory.ts'
import { buildPages, openBrowser, visit } from './browser.ts'

const READERS: Readonly<Record<string, Identity>> = Object.fromEntries((['reader', 'clerk', 'manager', 'admin'] satisfies Role[])
  .map((role) => [`token-of-${role}`, { actor: `Ana, ${role}`, role, locations: role === 'clerk' ? new Set(['LIS']) : 'all' }]))

describe('signing in, in a browser', () => {
  let test: TestInventory
  let server: HttpServer
  let browser: Browser

  before(async function prepare() {
    this.timeout(180_000)
    await buildPages()
    test = await openTestInventory()
    const { commands } = test.inventory
    await commands.registerProduct({ sku: 'TEA', name: 'Tea', barcode: null, unit: 'EACH', attributes: {} }, { correlationId: 'test' })
    for (const code of ['LIS', 'OPO']) {
      await commands.openLocation({ code, name: code, kind: 'STORE', timeZone: 'UTC' }, { correlationId: 'test' })
      await commands.addStock({ sku: 'TEA', location: code, quantity: 5, reason: 'RECEIVED' }, { correlationId: 'test' })
    }
    const { observer, exposition } = createPrometheus()
    server = await startHttpServer({
      observer, exposition, inventory: test.inventory, logger: silent, version: '1.2.3', host: '127.0.0.1', port: 0, newCorrelationId: () => uuidV7.next(),
      authenticator: {
        authenticate(token = '') {
          const known = READERS[token]
          return known ? Promise.resolve(known) : Promise.reject(new Unauthenticated('Show a token that is known here.'))
        },
      },
    })
    browser = await openBrowser()
  })

  after(async () => {
    await browser.close()
    await server.close()
    await test.close()
  })

  async function signedIn(token: string, path: string): Promise<Page> {
    const { page } = await visit(browser, `${server.url}/#${path}`)
    await page.getByLabel('Token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    return page
  }

  it('asks for a token, says that one is not taken, and keeps it out of addresses and for the tab alone', async () => {
    const page = await signedIn('nobody', '/stock')
    await page.getByText('This token is not taken, or no more.').waitFor()
    await page.getByLabel('Token').fill('token-of-admin')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.locator('[data-connection="live"]').waitFor()
    await page.getByText('2 stock levels').waitFor()
    expect(page.url()).to.not.include('token')
    expect(await page.evaluate('JSON.stringify(window.localStorage)')).to.not.include('token-of')
    await page.getByText('Ana, admin').waitFor()
    await page.getByRole('link', { name: 'Webhooks' }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Token').waitFor()
  })

  it('offers a reader nothing to change', async () => {
    const page = await signedIn('token-of-reader', '/stock/LIS/TEA')
    await page.locator('[data-quantity="onHand"]').getByText('5').waitFor()
    expect(await page.locator('.commands').count()).to.equal(0)
    expect(await page.getByRole('link', { name: 'Webhooks' }).count()).to.equal(0)
  })

  it('offers a clerk what they may where they may, and changes come in live', async () => {
    const page = await signedIn('token-of-clerk', '/stock/LIS/TEA')
    await page.getByRole('radio', { name: 'Remove' }).check()
    expect(await page.getByRole('radio', { name: 'Policy' }).count()).to.equal(0)
    await page.locator('[data-connection="live"]').waitFor()
    await page.getByLabel('Quantity').fill('1')
    await page.getByRole('button', { name: 'Remove stock' }).click()
    await page.getByText('Done.').waitFor()
    await page.locator('.history').getByText('Ana, clerk').waitFor()
    await page.goto(`${server.url}/#/stock/OPO/TEA`)
    await page.getByText('There is no stock level of TEA at OPO.').waitFor()
  })
})
