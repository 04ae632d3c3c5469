import { expect } from 'chai'
import type { Browser, Page } from 'playwright-core'
import { buildPages, openBrowser, visit, type Visit } from './browser.ts'
import { openShop, type Shop } from './shop.ts'

/** For what is promised at once: wide enough for a machine that has other things to do. */
export const AT_ONCE = { timeout: 5_000 }

export interface Scene {
  readonly shop: Shop
  readonly browser: Browser
  /** Opens a page of the dashboard, waits until it is live, and holds it to no complaint when the test is over. */
  go(path: string, options?: Parameters<typeof visit>[2]): Promise<Page>
}

/** A suite of tests with a shop and a browser of their own. */
export function describeInBrowser(title: string, define: (scene: Scene) => void): void {
  describe(title, () => {
    let shop: Shop | undefined
    let browser: Browser | undefined
    const open: Visit[] = []
    const opened = <Thing>(thing: Thing | undefined): Thing => {
      if (thing === undefined) throw new Error('The shop and the browser are there in tests alone.')
      return thing
    }
    const scene: Scene = {
      get shop() { return opened(shop) },
      get browser() { return opened(browser) },
      async go(path, options) {
        const visited = await visit(scene.browser, `${scene.shop.url}/#${path}`, options)
        open.push(visited)
        await visited.page.locator('[data-connection="live"]').waitFor()
        return visited.page
      },
    }

    before(async function prepare() {
      this.timeout(180_000)
      await buildPages()
      browser = await openBrowser()
      shop = await openShop()
    })

    afterEach(async () => {
      const complaints = open.flatMap((visited) => visited.complaints)
      await Promise.all(open.splice(0).map(({ context }) => context.close()))
      expect(complaints).to.deep.equal([])
    })

    after(async () => {
      await browser?.close()
      await shop?.close()
    })

    define(scene)
  })
}
