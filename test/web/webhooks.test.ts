import { expect } from 'chai'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describeInBrowser } from './in-browser.ts'

describeInBrowser('webhooks in a browser', (scene) => {
  const { go } = scene
  let endpoint: Server
  let url: string
  let status = 204
  let taken = 0

  before(async () => {
    endpoint = createServer((request, response) => {
      request.resume().on('end', () => {
        taken += 1
        response.writeHead(status).end()
      })
    }).listen(0, '127.0.0.1')
    await once(endpoint, 'listening')
    url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/told`
  })

  after(() => { endpoint.close() })

  it('are registered with a secret that is shown once, and say what they will not take', async () => {
    const page = await go('/webhooks')
    await page.getByText('Nobody is told of events yet.').waitFor()
    const field = page.getByLabel('Address')
    await field.fill('nowhere')
    await page.getByRole('button', { name: 'Register a webhook' }).click()
    await page.locator('#webhook-url-refusal').waitFor()
    expect(await field.getAttribute('aria-invalid')).to.equal('true')
    await field.fill(url)
    await page.getByLabel('Events').selectOption(['StockAdded', 'StockCounted'])
    await page.getByRole('button', { name: 'Register a webhook' }).click()
    await page.locator('.secret code', { hasText: 'whsec_' }).waitFor()
    await page.locator('[data-row]', { hasText: url }).getByText('Added, Counted').waitFor()
    await page.getByRole('button', { name: 'I have copied it' }).click()
    expect(await page.locator('.secret').count()).to.equal(0)
  })

  it('show each delivery, and deliver again', async () => {
    const page = await go('/webhooks')
    await page.getByRole('button', { name: `Lines of ${url}` }).click()
    await page.getByText('Nothing was delivered yet.').waitFor()
    await scene.shop.act('countStock', { sku: 'XSS', location: 'LIS', counted: 40 })
    const delivery = page.locator('[data-delivery="StockCounted"]')
    await delivery.getByText('Delivered').waitFor()
    const before = taken
    await delivery.getByRole('button', { name: 'Deliver again' }).click()
    await delivery.getByText('2', { exact: true }).waitFor()
    expect(taken).to.be.above(before)
  })

  it('tell what an endpoint answered that does not work', async () => {
    status = 500
    const page = await go('/webhooks')
    await page.getByRole('button', { name: `Lines of ${url}` }).click()
    await scene.shop.act('addStock', { sku: 'XSS', location: 'LIS', quantity: 1 })
    const delivery = page.locator('[data-delivery="StockAdded"]')
    await delivery.getByText('Waiting').waitFor()
    await delivery.getByText('500').waitFor()
    status = 204
  })

  it('are disabled, enabled, given a new secret, and removed when somebody is sure', async () => {
    const page = await go('/webhooks')
    const row = page.locator('[data-row]', { hasText: url })
    await page.getByRole('button', { name: `Lines of ${url}` }).click()
    await page.getByRole('button', { name: 'Disable' }).click()
    await row.getByText('Disabled').waitFor()
    await page.getByRole('button', { name: 'Enable' }).click()
    await row.getByText('Enabled').waitFor()
    await page.getByRole('button', { name: 'New secret' }).click()
    await page.locator('.secret code', { hasText: 'whsec_' }).waitFor()
    await page.getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByRole('button', { name: 'Remove for good' }).click()
    await page.getByText('Nobody is told of events yet.').waitFor()
  })
})
