import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const CHROMIUM = '/usr/bin/chromium'
/** For what is to come soon, and may take longer on a busy machine. */
const WAIT_MS = 30_000
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']

const BUILT = 'dist/web/index.html'
/** What the pages are made of: their own sources, and the domain's, by which they tell what an event did. */
const SOURCES = ['web', 'src/domain']
let built: Promise<unknown> | undefined

/** The pages as they are in the sources now, where the server looks for them. In a process of its own: Vite sets NODE_ENV. */
export async function buildPages(): Promise<void> {
  built ??= isBuilt() ? Promise.resolve() : promisify(execFile)(process.execPath, ['node_modules/vite/bin/vite.js', 'build', 'web', '--logLevel', 'error'])
  await built
}

function isBuilt(): boolean {
  const files = SOURCES.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  return existsSync(BUILT) && [...files, 'package-lock.json'].every((file) => statSync(file).mtimeMs < statSync(BUILT).mtimeMs)
}

export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) throw new Error(`The tests of the pages need a browser at ${CHROMIUM}: install it with apt-get install -y chromium.`)
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS })
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors, warnings, refused policies, dialogs and requests to anywhere else: there must be none. */
  readonly complaints: string[]
}

const BROKEN_CONNECTION = /net::ERR_|WebSocket connection/

/** A page of its own, which takes down all that goes wrong in it. */
export async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale: 'en-GB', ...options })
  context.setDefaultTimeout(WAIT_MS)
  const page = await context.newPage()
  const complaints: string[] = []
  const origin = new URL(url).origin
  page.on('pageerror', ({ message }) => complaints.push(message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !BROKEN_CONNECTION.test(message.text())) complaints.push(message.text())
  })
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!/^(?:data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin) complaints.push(`a request to ${request.url()}`)
  })
  await page.goto(url)
  return { page, context, complaints }
}
