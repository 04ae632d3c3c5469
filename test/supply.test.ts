import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { validateSync } from 'class-validator'

interface Lock { readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string; readonly integrity?: string; readonly link?: boolean }>> }

const text = readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')
const { packages } = JSON.parse(text) as Lock

/** Below these there are holes that are known. */
const FLOORS: Readonly<Record<string, string>> = {
  ws: '8.23.0', graphql: '16.15.0', '@apollo/server': '5.5.0', 'class-validator': '0.14.0', mysql2: '3.9.8',
}

/** Every copy of a package, also those that others bring along. */
const versionsOf = (name: string): readonly string[] => Object.entries(packages)
  .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
  .map(([, { version = '' }]) => version)

function isAtLeast(version: string, floor: string): boolean {
  const [given, least] = [version, floor].map((each) => each.split(/[.-]/).slice(0, 3).map(Number)) as [number[], number[]]
  const at = given.findIndex((part, index) => part !== least[index])
  return at === -1 || given[at]! > least[at]!
}

describe('what the lock file brings', () => {
  for (const [name, floor] of Object.entries(FLOORS)) {
    it(`has ${name} from ${floor} on, every copy of it`, () => {
      const versions = versionsOf(name)
      expect(versions).to.not.be.empty
      expect(versions.filter((version) => !isAtLeast(version, floor))).to.deep.equal([])
    })
  }

  it('tells versions apart as numbers', () => {
    expect([isAtLeast('8.9.0', '8.23.0'), isAtLeast('8.23.0', '8.23.0'), isAtLeast('9.0.0', '8.23.0'), isAtLeast('8.22.9', '8.23.0')]).to.deep.equal([false, true, true, false])
  })

  it('names no registry, so that any may serve it, and the hash of every package, so that none can change it', () => {
    expect(text).to.not.include('"resolved"').and.not.include('http:')
    const unhashed = Object.entries(packages).filter(([path, { integrity, link }]) => path !== '' && !link && integrity === undefined).map(([path]) => path)
    expect(unhashed).to.deep.equal([])
  })

  it('has class-validator refuse what it knows no rule for', () => {
    class Unknown { field = 1 }
    expect(validateSync(new Unknown(), { forbidUnknownValues: true })).to.have.length(1)
    expect(readFileSync(join(import.meta.dirname, '../src/presentation/graphql/schema.ts'), 'utf8')).to.include('forbidUnknownValues: true')
  })
})
