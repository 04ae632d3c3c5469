import { expect } from 'chai'
import { fillAndFree, mountSmallDisk } from './full-disk.ts'

describe('a server whose disk runs full (a file system of its own, which takes root to mount)', () => {
  for (const fillerBytes of [300_000, 600_000, 900_000]) {
    it(`answers writes with UNAVAILABLE, reads on, says why, and writes again when there is room, with ${fillerBytes} bytes of another`, async function () {
      const disk = await mountSmallDisk()
      if (!disk) { this.skip() }
      try {
        expect((await fillAndFree(disk.directory, fillerBytes)).acknowledged, 'writes before it was full').to.be.greaterThan(10)
      } finally {
        await disk.remove()
      }
    })
  }
})
