/**
 * The whole way with real sales, as a user goes it: import, look, restart, follow. `npm run acceptance -- [FOLDER]`,
 * where FOLDER holds .csv.gz files in the shape of Online Retail; left out, the day of sales that is shipped.
 */
import { checkImport } from './import.ts'
import { printedTable } from './table.ts'

const [folder = 'samples'] = process.argv.slice(2)
const table = printedTable()
await checkImport(folder, table)
if (table.failures.length > 0) process.exitCode = 1
