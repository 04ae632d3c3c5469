import { expect } from 'chai'
import { AT_ONCE, describeInBrowser } from './in-browser.ts'
import { skuOf } from './shop.ts'

describeInBrowser('reservations in a browser', (scene) => {
  const { go } = scene
  const line = (number: number, location: string, quantity: number) => ({ sku: skuOf(number), location, quantity })
  const reserve = (reference: string, ...lines: object[]) => scene.shop.act('reserveStock', { lines, reference, expiresInSeconds: 3_600 })

  it('come in as they are placed, open ones first looked for', async () => {
    const page = await go('/reservations')
    await page.getByText('Nothing matches these filters.').waitFor()
    await reserve('cart-1', line(20, 'LIS', 3), line(21, 'SAO', 2))
    const row = page.locator('[data-row]', { hasText: 'cart-1' })
    await row.waitFor(AT_ONCE)
    expect(await row.innerText()).to.include('Open').and.include('2 lines, 5 of 5 open')
  })

  it('are handed out and released in parts, with what was refused beside its line', async () => {
    await reserve('cart-2', line(22, 'LIS', 3), line(23, 'LIS', 4))
    const page = await go('/reservations?reference=cart-2')
    await page.getByRole('button', { name: 'Lines of cart-2' }).click()
    const first = page.getByLabel(`Quantity: ${skuOf(22)}, LIS`)
    const second = page.getByLabel(`Quantity: ${skuOf(23)}, LIS`)
    await first.fill('0')
    await second.fill('9')
    await page.getByRole('button', { name: 'Hand out' }).click()
    await page.getByText('9 wanted, 4 available.').waitFor()
    expect(await second.getAttribute('aria-invalid')).to.equal('true')
    expect(await first.getAttribute('aria-invalid')).to.equal('false')
    expect(await second.evaluate('document.activeElement.name')).to.equal('lines.1.quantity')
    await second.fill('1')
    await page.getByRole('button', { name: 'Hand out' }).click()
    await page.getByText('2 lines, 6 of 7 open').waitFor()
    await page.getByRole('button', { name: 'Release' }).click()
    await page.getByText('Nothing matches these filters.').waitFor()
    await page.getByRole('radio', { name: 'Released' }).check()
    await page.locator('[data-row]', { hasText: 'cart-2' }).getByText('2 lines, 7 in all').waitFor()
  })

  it('are extended', async () => {
    await reserve('cart-3', line(24, 'LIS', 1))
    const page = await go('/reservations?reference=cart-3')
    const until = page.locator('[data-row] time').last()
    await until.waitFor()
    const before = Date.parse(await until.getAttribute('datetime') ?? '')
    await page.getByRole('button', { name: 'Lines of cart-3' }).click()
    await page.getByLabel('Minutes from now').fill('x')
    await page.getByRole('button', { name: 'Extend' }).click()
    await page.getByText('Write a whole number above 0.').waitFor()
    await page.getByLabel('Minutes from now').fill('600')
    await page.getByRole('button', { name: 'Extend' }).click()
    const later = page.locator(`[data-row] td:nth-child(5) time:not([datetime="${new Date(before).toISOString()}"])`)
    await later.waitFor()
    expect(Date.parse(await later.getAttribute('datetime') ?? '')).to.be.above(before)
  })

  it('that somebody else ended are not ended again', async () => {
    await reserve('cart-4', line(25, 'LIS', 1))
    const page = await go('/reservations?reference=cart-4')
    await page.getByRole('button', { name: 'Lines of cart-4' }).click()
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('mutation')) {
        const id = (route.request().postDataJSON() as { variables: { input: { id: string } } }).variables.input.id
        await scene.shop.act('releaseReservation', { id })
      }
      await route.continue()
    })
    await page.getByRole('button', { name: 'Hand out' }).click()
    await page.getByText('Nothing matches these filters.').waitFor()
  })

  it('are turned page by page', async () => {
    for (let number = 0; number < 51; number += 1) await reserve('batch', line(26, 'RTM', 1))
    const page = await go('/reservations?reference=batch')
    await page.getByText('51 reservations').waitFor()
    await page.getByText('1 to 50 of 51').waitFor()
    await page.getByRole('button', { name: 'Next' }).click()
    await page.getByText('51 to 51 of 51').waitFor()
    expect(await page.locator('[data-row]').count()).to.equal(1)
    await page.getByRole('button', { name: 'Previous' }).click()
    await page.getByText('1 to 50 of 51').waitFor()
  })
})

describeInBrowser('transfers in a browser', (scene) => {
  const { go } = scene
  const dispatch = (reference: string, ...lines: object[]) => scene.shop.act('dispatchTransfer', { from: 'RTM', to: 'LIS', lines, reference })

  it('are received in parts, and what did not arrive is missing', async () => {
    const page = await go('/transfers')
    await page.getByText('Nothing matches these filters.').waitFor()
    await dispatch('TR-1', { sku: skuOf(30), quantity: 10 }, { sku: skuOf(31), quantity: 5 })
    const row = page.locator('[data-row]', { hasText: 'TR-1' })
    await row.waitFor(AT_ONCE)
    expect(await row.innerText()).to.include('Rotterdam warehouse → Lisbon Baixa').and.include('2 lines, 15 of 15 open')
    await page.getByRole('button', { name: 'Lines of TR-1' }).click()
    const first = page.getByLabel(`Arrived now: ${skuOf(30)}`)
    await first.fill('11')
    await page.getByLabel(`Arrived now: ${skuOf(31)}`).fill('')
    await page.getByRole('button', { name: 'Receive' }).click()
    await page.getByText('11 wanted, 10 available.').waitFor()
    expect(await first.getAttribute('aria-invalid')).to.equal('true')
    await first.fill('8')
    await page.getByText('2 will be recorded as missing.').waitFor()
    await page.getByRole('button', { name: 'Receive' }).click()
    await row.getByText('2 lines, 5 of 15 open').waitFor()
    await page.getByRole('button', { name: 'Receive' }).click()
    await page.getByText('Nothing matches these filters.').waitFor()
    await page.getByRole('radio', { name: 'Received' }).check()
    await row.getByText('2 lines, 15 in all').waitFor()
    await page.getByRole('button', { name: 'Lines of TR-1' }).click()
    expect(await page.locator('.lines tbody tr').first().locator('td').allInnerTexts()).to.deep.equal([skuOf(30), '10', '8', '2', '0'])
  })

  it('are cancelled', async () => {
    await dispatch('TR-2', { sku: skuOf(32), quantity: 4 })
    const page = await go('/transfers?location=RTM')
    await page.getByRole('button', { name: 'Lines of TR-2' }).click()
    await page.getByRole('button', { name: 'Cancel the transfer' }).click()
    const row = page.locator('[data-row]', { hasText: 'TR-2' })
    await row.waitFor({ state: 'detached' })
    await page.getByRole('radio', { name: 'Cancelled' }).check()
    await row.getByText('1 line, 4 in all').waitFor()
  })
})
