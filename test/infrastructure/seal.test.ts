import { expect } from 'chai'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seal, unseal } from '../../src/infrastructure/seal.ts'

describe('a seal', () => {
  let folder: string
  let file: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'seal-'))
    file = join(folder, 'some.sqlite')
    writeFileSync(file, Buffer.alloc(3_000_000, 'what stands in it'))
  })
  afterEach(() => { rmSync(folder, { recursive: true }) })

  it('holds for a file that nobody touched, and once', () => {
    seal(file)
    expect(unseal(file)).to.equal(true)
    expect(unseal(file)).to.equal(false)
  })

  it('is broken by any byte, by any that is missing, and by a file that is gone', () => {
    const whole = readFileSync(file)
    for (const at of [0, 1_048_576, whole.length - 1]) {
      writeFileSync(file, whole)
      seal(file)
      const other = Buffer.from(whole)
      other[at]! ^= 1
      writeFileSync(file, other)
      expect(unseal(file), `byte ${at}`).to.equal(false)
    }
    seal(file)
    writeFileSync(file, whole.subarray(1))
    expect(unseal(file)).to.equal(false)
    seal(file)
    rmSync(file)
    expect(unseal(file)).to.equal(false)
  })

  it('says nothing of a file beside which stands what was not merged into it', () => {
    seal(file)
    writeFileSync(`${file}-wal`, '')
    expect(unseal(file)).to.equal(false)
  })
})
