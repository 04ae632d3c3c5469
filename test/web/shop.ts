import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServerProcess, startServerProcess } from '../e2e/server-process.ts'

export const SCRIPT_NAME = '<script>alert(1)</script>'
export const PRODUCTS = 140
export const LOCATIONS = [
  { code: 'LIS', name: 'Lisbon Baixa', kind: 'STORE', timeZone: 'Europe/Lisbon' },
  { code: 'SAO', name: 'São Paulo Pinheiros', kind: 'STORE', timeZone: 'America/Sao_Paulo' },
  { code: 'LDN', name: 'London Marylebone', kind: 'STORE', timeZone: 'Europe/London' },
  { code: 'RTM', name: 'Rotterdam warehouse', kind: 'WAREHOUSE', timeZone: 'Europe/Amsterdam' },
]
const NAMES = [
  'White hanging heart T-light holder', 'Regency cakestand 3 tier', 'Jumbo bag red retrospot', 'Assorted colour bird ornament', 'Party bunting',
  'Set of 3 cake tins pantry design', 'Natural slate heart chalkboard', 'Heart of wicker small', 'Alarm clock bakelike green', 'Roses regency teacup and saucer',
]

/** Webhooks of tests are on this machine. */
const ENVIRONMENT = { WEBHOOK_ALLOW: '127.0.0.1' }

export interface Shop {
  /** Where the pages are. */
  readonly url: string
  act(field: string, input: object): Promise<void>
  /** Kills the server without a word and starts it again at the same place; what is done meanwhile happens before it is back. */
  restart(meanwhile?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** A server in its own process, with a few hundred stock levels. */
export async function openShop(): Promise<Shop> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-web-'))
  let server: ServerProcess = await startServerProcess(directory, 0, ENVIRONMENT)
  const { origin, port } = new URL(server.url)
  const act = async (field: string, input: object): Promise<void> => {
    const { userErrors } = await server.mutate(field, input, '')
    if ((userErrors as object[]).length > 0) throw new Error(`${field}: ${JSON.stringify(userErrors)}`)
  }
  await stock(act)
  return {
    url: origin,
    act,
    async restart(meanwhile) {
      await server.kill('SIGKILL')
      await meanwhile?.()
      server = await startServerProcess(directory, Number(port), ENVIRONMENT)
    },
    async close() {
      await server.kill('SIGTERM')
      await rm(directory, { recursive: true })
    },
  }
}

async function stock(act: Shop['act']): Promise<void> {
  for (const location of LOCATIONS) await act('openLocation', location)
  await act('registerProduct', { sku: 'XSS', name: SCRIPT_NAME })
  await act('addStock', { sku: 'XSS', location: 'LIS', quantity: 40, reference: '<img src=x onerror=alert(2)>' })
  for (let number = 0; number < PRODUCTS; number += 1) await act('registerProduct', { sku: skuOf(number), name: nameOf(number) })
  for (const { code } of LOCATIONS) {
    const movements = Array.from({ length: PRODUCTS }, (_, number) => ({ sku: skuOf(number), location: code, delta: 20 + ((number * 37 + code.charCodeAt(0)) % 160), reference: 'PO-1001' }))
    await act('applyMovements', { movements })
  }
  for (let number = 0; number < PRODUCTS; number += 9) {
    await act('setStockPolicy', { sku: skuOf(number), location: 'LIS', reorderPoint: 60, reorderQuantity: 120, safetyStock: 5 })
  }
}

/** In the order of the table. */
export const skuOf = (number: number): string => `${20_000 + number}`
export const nameOf = (number: number): string => `${NAMES[number % NAMES.length] ?? ''}${number < NAMES.length ? '' : `, no. ${Math.floor(number / NAMES.length)}`}`
