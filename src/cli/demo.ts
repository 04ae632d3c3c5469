import { Command, InvalidArgumentError } from 'commander'
import { readConfig } from '../config.ts'
import { DEMO, fill, play, readSales } from './demo-sales.ts'
import { CommandFailed } from './errors.ts'
import type { Server } from './server.ts'
import { storeOption } from './store.ts'

interface DemoOptions { readonly port?: number; readonly rate: number; readonly store: string }

export const demoCommand = (): Command => new Command('demo')
  .description('fill an empty store from a day of real sales, run the server on it, and play sales')
  .option('--port <port>', 'where to listen; 0 takes any free port', whole(0, 65_535))
  .option('--rate <sales>', 'sales in a second', whole(1, 1_000), 5)
  .addOption(storeOption())
  .action(demo)

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text)
    throw new InvalidArgumentError(`Write a whole number from ${min} to ${max}.`)
  }
}

async function demo({ port, rate, store }: DemoOptions): Promise<void> {
  const { onStop, startServer, welcome } = await import('./server.ts')
  const config = readConfig()
  const server = await startServer({ ...config, logLevel: 'warn', storeDirectory: store, port: port ?? config.port })
  const closing = new AbortController()
  try {
    await requireOwn(server, store)
    const sales = await readSales()
    await fill(server.inventory, sales)
    onStop(() => { closing.abort(); return Promise.resolve() })
    process.stdout.write(`${welcome(server, config)}Sales of 1 December 2010 are played, ${rate} a second, until Ctrl+C.\n`)
    await play(server.inventory, sales, { rate, signal: closing.signal })
  } finally {
    await server.close()
  }
}

async function requireOwn({ inventory }: Server, store: string): Promise<void> {
  const { events: [first] } = await inventory.events.find({}, { first: 1 })
  if (first === undefined || first.metadata.correlationId === DEMO.correlationId) return
  throw new CommandFailed(`The store ${store} is in use: the demo wants an empty one. Name it with --store, for example --store ./demo-store.`)
}
