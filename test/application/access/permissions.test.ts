import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROLES } from '../../../src/application/access/identity.ts'
import { type Permission, PERMISSIONS, permissionsOf } from '../../../src/application/access/permissions.ts'

const document = readFileSync(join(import.meta.dirname, '../../../docs/permissions.md'), 'utf8')

const lines = Object.entries(PERMISSIONS).flatMap(([root, fields]) => Object.entries<Permission>(fields).map(([name, { least, elsewhere, bound }]) =>
  `| ${root}.${name} | ${least} | ${elsewhere} | ${bound} |`))

describe('the table of permissions', () => {
  it('is printed in docs/permissions.md, line by line', () => {
    const printed = document.split('\n').filter((line) => /^\| (Query|Mutation|Subscription)\./.test(line))
    expect(printed.join('\n'), `docs/permissions.md should have these lines:\n${lines.join('\n')}\n`).to.equal(lines.join('\n'))
  })

  it('gives each role all that those before it may', () => {
    const permitted = ROLES.map((role) => new Set(permissionsOf({ role, locations: 'all' })))
    for (const [index, names] of permitted.entries()) {
      expect([...permitted[index - 1] ?? []].every((name) => names.has(name))).to.equal(true)
      expect(names.size, 'more than the one before').to.be.greaterThan(permitted[index - 1]?.size ?? 0)
    }
  })

  it('keeps from those who are bound to locations what is for all of them', () => {
    expect(permissionsOf({ role: 'admin', locations: new Set(['LIS']) })).to.include('openLocation').and.not.include('registerWebhook')
  })
})
