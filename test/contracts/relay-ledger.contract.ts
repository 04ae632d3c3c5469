import { expect } from 'chai'
import type { RelayLedger } from '../../src/application/relay.ts'

/** `open` gives one of a node that begins; all are of the same log. */
export function relayLedgerContract(name: string, open: () => Promise<() => RelayLedger>): void {
  describe(`relay ledger: ${name}`, () => {
    let node: () => RelayLedger
    beforeEach(async () => { node = await open() })

    it('begins before the log, and goes on where it was left', async () => {
      const first = node()
      expect(await first.claim()).to.equal(0)
      expect(await first.advance(7)).to.equal(true)
      expect(await first.claim()).to.equal(7)
      await first.release()
      const next = node()
      expect(await next.claim()).to.equal(7)
      await next.release()
    })
  })
}
