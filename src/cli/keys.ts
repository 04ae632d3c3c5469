import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { ROLES, type Role } from '../application/access/identity.ts'
import { type ApiKey, isOver, newKey } from '../infrastructure/auth/api-key.ts'
import { apiKeyFile, changeApiKeys, readApiKeys } from '../infrastructure/auth/api-key-file.ts'
import { CommandFailed, UsageError } from './errors.ts'
import { storeOption } from './store.ts'

interface OnStore { readonly store: string }
interface AddOptions extends OnStore { readonly role: Role; readonly location: readonly string[]; readonly days?: number }
interface ListOptions extends OnStore { readonly json: boolean }

const NAME = /^[\w.:@-]{1,64}$/
const DAY_MS = 86_400_000
const DAYS_MAX = 3_650

/** Works beside a running server, which takes in what changes with the next request. */
export const keysCommand = (): Command =>
  new Command('keys')
    .description('API keys: who may use the server, and what they may do')
    .addCommand(new Command('add')
      .description('make a key and show it, this once')
      .argument('<name>', 'who it is for: the actor of all that is done with it')
      .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('reader'))
      .option('--location <code>', 'bind it to a location; may be given several times, and binds to none where it is left out', collect, [])
      .option('--days <days>', 'how long it is good', days)
      .addOption(storeOption())
      .action(add))
    .addCommand(new Command('list')
      .description('the keys, without what would let anybody in')
      .option('--json', 'as JSON', false)
      .addOption(storeOption())
      .action(list))
    .addCommand(new Command('revoke')
      .description('let nobody in with this key any more, from now on')
      .addArgument(new Argument('<key>', 'its id, or the name it was made for'))
      .addOption(storeOption())
      .action(revoke))

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value]
}

function days(text: string): number {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= DAYS_MAX) return Number(text)
  throw new InvalidArgumentError(`Write a whole number from 1 to ${DAYS_MAX}.`)
}

async function add(name: string, { role, location, days: goodFor, store }: AddOptions): Promise<void> {
  if (!NAME.test(name)) throw new UsageError(`${JSON.stringify(name)} is no name for a key: write up to 64 letters, digits and . : @ _ -, for example till-7.`)
  const { id, key, sha256 } = newKey()
  const now = Date.now()
  const made: ApiKey = {
    id, name, role, sha256,
    locations: location.length > 0 ? location : '*',
    createdAt: new Date(now).toISOString(),
    ...(goodFor !== undefined && { expiresAt: new Date(now + goodFor * DAY_MS).toISOString() }),
  }
  await changeApiKeys(apiKeyFile(store), (keys) => {
    if (keys.some((other) => other.name === name && !isOver(other, now))) throw new CommandFailed(`There is a key for ${name}: revoke it first, or take another name.`)
    return [...keys, made]
  })
  process.stdout.write(`${key}\n`)
  process.stderr.write(`${role} ${name}, ${placesOf(made)}. Keep it: it is not shown again.\n`)
}

async function list({ json, store }: ListOptions): Promise<void> {
  const keys = (await readApiKeys(apiKeyFile(store))).map(({ sha256: _, ...shown }) => shown)
  process.stdout.write(json ? `${JSON.stringify(keys)}\n` : keys.map(lineOf).join(''))
}

async function revoke(wanted: string, { store }: OnStore): Promise<void> {
  const now = Date.now()
  await changeApiKeys(apiKeyFile(store), (keys) => {
    const found = keys.find(({ id, name, revokedAt }) => (id === wanted || name === wanted) && revokedAt === undefined)
    if (!found) throw new CommandFailed(`There is no key ${wanted} that could be revoked: stockstream keys list shows them.`)
    return keys.map((key) => (key === found ? { ...key, revokedAt: new Date(now).toISOString() } : key))
  })
  process.stdout.write(`${wanted} is revoked.\n`)
}

const placesOf = ({ locations }: Pick<ApiKey, 'locations'>): string => (locations === '*' ? 'all locations' : locations.join(', '))

const lineOf = (key: Omit<ApiKey, 'sha256'>): string => `${[key.id, key.name, key.role, placesOf(key), stateOf(key)].join('  ')}\n`

const stateOf = ({ createdAt, expiresAt, revokedAt }: Omit<ApiKey, 'sha256'>): string => {
  if (revokedAt !== undefined) return `revoked ${revokedAt}`
  return expiresAt === undefined ? `since ${createdAt}` : `until ${expiresAt}`
}
