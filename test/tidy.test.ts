import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect } from 'chai'

const root = join(import.meta.dirname, '..')
const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ path: join('src', file), text: readFileSync(join(root, 'src', file), 'utf8') }))
const within = (...folders: readonly string[]) => files.filter(({ path }) => folders.some((folder) => path.startsWith(`src/${folder}`)))

/** What a file imports: paths from the root for its own, names for packages. */
const imports = ({ path, text }: { path: string; text: string }): string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(([, name = '']) =>
    name.startsWith('.') ? relative(root, join(root, dirname(path), name)) : name)

const offenders = (among: typeof files, isWrong: (imported: string) => boolean): string[] =>
  among.flatMap((file) => imports(file).filter(isWrong).map((name) => `${file.path} imports ${name}`))

const holding = (among: typeof files, pattern: RegExp): string[] => among.filter(({ text }) => pattern.test(text)).map(({ path }) => path)

const none = (found: readonly string[]) => { expect(found, found.join(', ')).to.have.length(0) }

describe('the house', () => {
  it('domain imports nothing outside domain', () => { none(offenders(within('domain/'), (name) => !name.startsWith('src/domain/'))) })
  it('application imports only domain, itself and lru-cache', () => { none(offenders(within('application/'), (name) => !/^(src\/(domain|application)\/|lru-cache$)/.test(name))) })
  it('infrastructure does not import presentation', () => { none(offenders(within('infrastructure/'), (name) => name.startsWith('src/presentation/'))) })
  it('presentation does not import infrastructure', () => { none(offenders(within('presentation/'), (name) => name.startsWith('src/infrastructure/'))) })
  it('only the composition root and the CLI name a concrete adapter', () => {
    const others = files.filter(({ path }) => !/^src\/(main\.ts|compose\.ts|cli\/|infrastructure\/)/.test(path))
    none(offenders(others, (name) => name.startsWith('src/infrastructure/')))
  })
  it('only src/config.ts reads process.env', () => { none(holding(files.filter(({ path }) => path !== 'src/config.ts'), /process\.env|\benv\b[^\n]*from 'node:process'/)) })
  it('decorators live under src/presentation', () => {
    none(offenders(files.filter(({ path }) => !path.startsWith('src/presentation/')), (name) => /^(type-graphql|class-validator)/.test(name)))
  })
  it('no file is over 250 lines', () => { none(files.filter(({ text }) => text.trimEnd().split('\n').length > 250).map(({ path }) => path)) })
  it('no folder is named utils', () => { none(files.map(({ path }) => path).filter((path) => path.split('/').includes('utils'))) })
  it('nothing is left for later', () => { none(holding(files, /TODO|FIXME/)) })
})
