import { expect } from 'chai'
import { setTimeout as wait } from 'node:timers/promises'
import type { EventBus } from '../../src/application/ports.ts'

export interface OpenedBus {
  readonly bus: EventBus<unknown>
  /** What others have published. */
  isForeign?(message: unknown): boolean
  close?(): Promise<void>
}

/** `open` resolves once the bus hears what is published. */
export function eventBusContract(name: string, open: () => OpenedBus | Promise<OpenedBus>): void {
  describe(`event bus: ${name}`, () => {
    let opened: OpenedBus
    let bus: EventBus<unknown>
    before(async () => {
      opened = await open()
      bus = opened.bus
    })
    after(() => opened.close?.())

    const heardBy = (): unknown[] => {
      const heard: unknown[] = []
      bus.subscribe((message) => { if (opened.isForeign?.(message) !== true) heard.push(message) })
      return heard
    }
    const until = async (isSo: () => boolean): Promise<void> => { while (!isSo()) await wait(1) }

    it('carries a message to every listener, as it is', async () => {
      const message = { n: 1, text: 'é\u0000😀', nested: [{ nothing: null }] }
      const [one, other] = [heardBy(), heardBy()]
      bus.publish(message)
      await until(() => one.length > 0 && other.length > 0)
      expect([one, other]).to.deep.equal([[message], [message]])
    })
    it('carries them in the order in which they were published, where one waits for the other', async () => {
      const heard = heardBy()
      for (let n = 0; n < 20; n += 1) {
        bus.publish(n)
        await until(() => heard.length > n)
      }
      expect(heard).to.deep.equal(Array.from({ length: 20 }, (_, n) => n))
    })
    it('tells no more to who has left', async () => {
      const gone: unknown[] = []
      const leave = bus.subscribe((message) => { if (opened.isForeign?.(message) !== true) gone.push(message) })
      leave()
      leave()
      const heard = heardBy()
      bus.publish('after')
      await until(() => heard.length > 0)
      expect(gone).to.deep.equal([])
    })
    it('goes on where a listener throws', async () => {
      const leave = bus.subscribe(() => { throw new Error('not me') })
      const heard = heardBy()
      bus.publish('one')
      await until(() => heard.length > 0)
      bus.publish('two')
      await until(() => heard.length > 1)
      leave()
      expect(heard).to.deep.equal(['one', 'two'])
    })
  })
}
