import { expect } from 'chai'
import type { Commands } from '../../src/application/commands/types.ts'
import { Unavailable } from '../../src/application/ports.ts'
import { refusedCommands } from '../../src/application/refused-commands.ts'
import { caller, MUG } from './given-inventory.ts'

const commands = { registerProduct: () => { throw new Error('It was asked.') } } as unknown as Commands

describe('the commands of a node that only reads', () => {
  for (const [writeUrl, where] of [[undefined, 'ROLE=all or ROLE=write'], ['https://stock.example/graphql', 'https://stock.example/graphql']] as const) {
    it(`are refused, and name ${where}`, async () => {
      const error: unknown = await refusedCommands(commands, writeUrl).registerProduct(MUG, caller).catch((reason: unknown) => reason)
      expect(error).to.be.instanceOf(Unavailable).with.property('message').that.includes(where)
    })
  }
})
