/**
 * The whole way as a user goes it, with figures: `npm run acceptance -- [FOLDER] [PART...]`. FOLDER holds .csv.gz files
 * in the shape of Online Retail; left out, the day of sales that is shipped. Without parts, all.
 */
import { checkExpiry } from './expiry.ts'
import { checkFloods } from './flood.ts'
import { checkFollowing, checkImport } from './import.ts'
import { printedTable, type Table } from './table.ts'

const RESERVATIONS = 100_000

const parts: Readonly<Record<string, (folder: string, table: Table) => Promise<void>>> = {
  import: checkImport,
  follow: checkFollowing,
  flood: (_, table) => checkFloods(table),
  expiry: (_, table) => checkExpiry(Number(process.env.RESERVATIONS ?? RESERVATIONS), table),
}

const [folder = 'samples', ...names] = process.argv.slice(2)
const unknown = names.filter((name) => !(name in parts))
if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}: name some of ${Object.keys(parts).join(', ')}.`)
const table = printedTable()
for (const [name, check] of Object.entries(parts)) if (names.length === 0 || names.includes(name)) await check(folder, table)
if (table.failures.length > 0) process.exitCode = 1
