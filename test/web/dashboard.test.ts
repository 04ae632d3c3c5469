import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { AT_ONCE, describeInBrowser } from './in-browser.ts'
import { LOCATIONS, nameOf, PRODUCTS, SCRIPT_NAME, skuOf } from './shop.ts'

const ROWS = PRODUCTS * LOCATIONS.length + 1

describeInBrowser('the dashboard in a browser', (scene) => {
  const { go } = scene
  const quantity = (page: Page, name: string) => page.locator(`[data-quantity="${name}"] dd`)
  const row = (page: Page, sku: string, location: string) => page.locator(`[data-level="stock:${sku}@${location}"]`)

  it('is under 200 KB for the first view', () => {
    const html = readFileSync('dist/web/index.html', 'utf8')
    const assets = [...html.matchAll(/(?:src|href)="[./]*(assets\/[^"]+)"/g)].map(([, name = '']) => `dist/web/${name}.gz`)
    const bytes = assets.reduce((sum, file) => sum + readFileSync(file).length, html.length)
    expect(assets).to.not.be.empty
    expect(bytes).to.be.below(200_000)
  })

  it('shows what the network has, and a change as it happens', async () => {
    const page = await go('/')
    await page.locator('.figure', { hasText: 'Stock levels' }).getByText(ROWS.toLocaleString('en')).waitFor()
    await scene.shop.act('removeStock', { sku: skuOf(1), location: 'LIS', quantity: 3, reason: 'SOLD', reference: 'order-17' })
    const item = page.locator('.feed li', { hasText: 'order-17' })
    await item.waitFor(AT_ONCE)
    expect(await item.innerText()).to.include('-3').and.include(nameOf(1)).and.include('Lisbon Baixa')
  })

  it('sums up what is there, promised and on its way, by location too, and how the server is', async () => {
    await scene.shop.act('reserveStock', { lines: [{ sku: skuOf(13), location: 'LDN', quantity: 5 }], reference: 'cart-sum' })
    await scene.shop.act('dispatchTransfer', { from: 'RTM', to: 'LDN', lines: [{ sku: skuOf(13), quantity: 7 }] })
    const page = await go('/')
    await page.locator('.figure', { hasText: 'Reserved' }).getByText('5', { exact: true }).waitFor()
    await page.locator('.figure', { hasText: 'On the way' }).getByText('7', { exact: true }).waitFor()
    const london = page.locator('.by-location tr', { hasText: 'London Marylebone' })
    expect((await london.locator('td').allInnerTexts()).slice(-2)).to.deep.equal(['5', '7'])
    expect(await page.locator('[data-breaker="event store"]').innerText()).to.include('Works')
  })

  it('shows in one browser what is done in another', async () => {
    const [table, sheet] = await Promise.all([go(`/stock?search=${skuOf(2)}`), go(`/stock/SAO/${skuOf(2)}`)])
    await row(table, skuOf(2), 'SAO').waitFor()
    const before = Number(await quantity(sheet, 'onHand').innerText())
    await sheet.getByLabel('Quantity').fill('7')
    await sheet.getByRole('button', { name: 'Add stock' }).click()
    await row(table, skuOf(2), 'SAO').locator('.onHand', { hasText: String(before + 7) }).waitFor(AT_ONCE)
    await row(table, skuOf(2), 'SAO').locator('.onHand .rose').waitFor(AT_ONCE)
    await quantity(sheet, 'onHand').getByText(String(before + 7), { exact: true }).waitFor(AT_ONCE)
    await sheet.getByText('Done.').waitFor()
  })

  it('finds rows on the server, sorts them there and gets to the last one', async () => {
    const page = await go('/stock')
    await page.getByText(`${ROWS.toLocaleString('en')} stock levels`).waitFor()
    await page.evaluate('document.querySelector(".scroll").scrollTop = 1e9')
    await page.getByText(SCRIPT_NAME).waitFor()
    expect(await page.locator('tbody tr').count()).to.be.below(60)
    await page.getByRole('button', { name: 'Available' }).click()
    await page.getByRole('columnheader', { name: 'Available' }).and(page.locator('[aria-sort="ascending"]')).waitFor()
    await page.getByLabel('Search').fill('wicker small, no. 3')
    await page.getByText('4 stock levels').waitFor()
    await page.getByLabel('Location').selectOption('RTM')
    await page.getByText('1 stock levels').waitFor()
    expect(await page.locator('[data-level]').innerText()).to.include(skuOf(37))
  })

  it('lets low rows stand out by a word', async () => {
    const page = await go('/stock')
    await page.getByRole('radio', { name: 'Low' }).check()
    const first = page.locator('tr.low').first()
    await first.waitFor()
    expect(await first.locator('.badge').innerText()).to.equal('Low')
  })

  it('says beside the field what was refused, and takes back what it had shown', async () => {
    const page = await go('/stock/LIS/XSS')
    await quantity(page, 'onHand').getByText('40', { exact: true }).waitFor()
    await page.getByRole('radio', { name: 'Remove' }).check()
    const field = page.getByLabel('Quantity')
    await field.fill('900')
    await page.getByRole('button', { name: 'Remove stock' }).click()
    await page.getByText('900 wanted, 40 available.').waitFor()
    expect(await field.getAttribute('aria-invalid')).to.equal('true')
    expect(await field.getAttribute('aria-describedby')).to.equal(await page.getByText('900 wanted').getAttribute('id'))
    expect(await quantity(page, 'onHand').innerText()).to.equal('40')
    await field.fill('1.5')
    await page.getByRole('button', { name: 'Remove stock' }).click()
    await page.getByText('Write a whole number above 0.').waitFor()
  })

  it('shows a change before the server confirms it, and undoes it where the server can not be reached', async () => {
    const page = await go('/stock/LIS/XSS')
    await quantity(page, 'onHand').getByText('40', { exact: true }).waitFor()
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => { release = resolve })
    await page.route('**/graphql', async (route) => {
      await held
      await route.abort()
    })
    await page.getByLabel('Quantity').fill('5')
    await page.getByRole('button', { name: 'Add stock' }).click()
    await quantity(page, 'onHand').getByText('45', { exact: true }).waitFor()
    await page.getByText('Not confirmed yet').waitFor()
    release()
    await page.getByText('The server can’t be reached.').waitFor()
    await quantity(page, 'onHand').getByText('40', { exact: true }).waitFor()
  })

  it('sends along what it was decided on, and shows what has changed meanwhile', async () => {
    const page = await go(`/stock/LDN/${skuOf(5)}`)
    const before = Number(await quantity(page, 'onHand').innerText())
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('mutation')) await scene.shop.act('addStock', { sku: skuOf(5), location: 'LDN', quantity: 10 })
      await route.continue()
    }, { times: 1 })
    await page.getByLabel('Quantity').fill('1')
    await page.getByRole('button', { name: 'Add stock' }).click()
    await page.getByText('It has changed meanwhile').waitFor()
    await quantity(page, 'onHand').getByText(String(before + 10), { exact: true }).waitFor()
  })

  it('shows a stock level as it was', async () => {
    const page = await go(`/stock/LIS/${skuOf(9)}`)
    const now = await quantity(page, 'onHand').innerText()
    await scene.shop.act('removeStock', { sku: skuOf(9), location: 'LIS', quantity: 2, reason: 'SOLD' })
    await quantity(page, 'onHand').getByText(String(Number(now) - 2), { exact: true }).waitFor()
    await page.getByRole('slider').focus()
    await page.keyboard.press('ArrowLeft')
    await quantity(page, 'onHand').getByText(now, { exact: true }).waitFor()
  })

  it('shows a stock level as of any moment, in the time of its location', async () => {
    const page = await go(`/stock/SAO/${skuOf(9)}`)
    const now = await quantity(page, 'onHand').innerText()
    await page.getByLabel('Any moment').fill('2001-01-01T12:00:00')
    await page.getByLabel('Any moment').press('Enter')
    await page.getByText('there was none yet').waitFor()
    await page.getByText('1 Jan').first().waitFor()
    await page.getByRole('button', { name: 'Back to now' }).click()
    await quantity(page, 'onHand').getByText(now, { exact: true }).waitFor()
  })

  it('shows what is promised of a stock level and on its way to it, and leads there', async () => {
    const page = await go(`/stock/LIS/${skuOf(12)}`)
    await page.getByText('Nothing is promised.').waitFor()
    await scene.shop.act('reserveStock', { lines: [{ sku: skuOf(12), location: 'LIS', quantity: 2 }], reference: 'cart-12' })
    await scene.shop.act('dispatchTransfer', { from: 'RTM', to: 'LIS', lines: [{ sku: skuOf(12), quantity: 3 }], reference: 'TR-12' })
    await page.getByRole('link', { name: 'TR-12' }).waitFor()
    await page.getByText('← Rotterdam warehouse').waitFor()
    await page.getByRole('link', { name: 'cart-12' }).click()
    await page.getByRole('button', { name: 'Release' }).click()
    await page.locator('[data-row]').getByText('Released').waitFor()
  })

  it('follows the audit trail, filtered and live, to an event’s JSON and its correlation id', async () => {
    const page = await go('/audit')
    await page.getByRole('combobox', { name: 'Event', exact: true }).selectOption('StockCounted')
    await page.getByText('No event matches.').waitFor()
    await scene.shop.act('countStock', { sku: 'XSS', location: 'LIS', counted: 39, reference: 'stocktake' })
    const event = page.locator('tr.event', { hasText: 'stocktake' })
    await event.waitFor(AT_ONCE)
    expect(await event.innerText()).to.include('-1 on hand')
    await event.getByRole('button').click()
    await page.getByText('"counted": 39').waitFor()
    await page.getByRole('link', { name: 'Follow this correlation id' }).click()
    await page.waitForURL(/#\/audit\?correlation=/)
    await page.getByText('1 events shown').waitFor()
    expect(await page.locator('tr.event').innerText()).to.include('stocktake')
  })

  it('goes on from where it was when the server is killed and comes back: nothing missed, nothing twice', async () => {
    const page = await go('/')
    const sell = (reference: string) => scene.shop.act('removeStock', { sku: skuOf(3), location: 'RTM', quantity: 1, reason: 'SOLD', reference })
    await sell('before-the-break')
    await page.locator('.feed li', { hasText: 'before-the-break' }).waitFor()
    await scene.shop.restart(() => page.getByText('The connection was lost').waitFor())
    await sell('after-the-break')
    await page.getByText('Connected again, going on from where it broke off').waitFor()
    await page.locator('.feed li', { hasText: 'after-the-break' }).waitFor()
    for (const reference of ['before-the-break', 'after-the-break']) expect(await page.locator('.feed li', { hasText: reference }).count()).to.equal(1)
  })

  it('takes a product’s name as text, whatever it is', async () => {
    const page = await go('/stock/LIS/XSS')
    await page.getByRole('heading', { name: SCRIPT_NAME }).waitFor()
    await page.getByText('<img src=x onerror=alert(2)>').first().waitFor()
    expect(await page.locator('main script, main img').count()).to.equal(0)
  })

  for (const [locale, overview, onHand] of [['es-ES', 'Resumen', 'En mano'], ['pt-BR', 'Visão geral', 'Em mãos']] as const) {
    it(`speaks ${locale}`, async () => {
      const page = await go('/', { locale })
      await page.getByRole('heading', { name: overview, level: 1 }).waitFor()
      expect(await page.locator('html').getAttribute('lang')).to.equal(locale.startsWith('es') ? 'es' : locale)
      await scene.shop.act('countStock', { sku: skuOf(11), location: 'LDN', counted: 12_345 })
      await page.goto(`${scene.shop.url}/#/stock/LDN/${skuOf(11)}`)
      await page.locator('dl', { hasText: onHand }).and(page.locator('.tiles')).waitFor()
      await quantity(page, 'onHand').getByText('12.345', { exact: true }).waitFor()
    })
  }

  it('shows times as they are at the location', async () => {
    const page = await go(`/stock/SAO/${skuOf(2)}`, { timezoneId: 'Asia/Tokyo' })
    const time = page.locator('tr.event time').first()
    await time.waitFor()
    const at = new Date(await time.getAttribute('datetime') ?? '')
    const there = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Sao_Paulo', day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
    expect(await time.innerText()).to.equal(there.format(at))
  })
})
