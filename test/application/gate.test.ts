import { expect } from 'chai'
import { Gate } from '../../src/application/gate.ts'

describe('gate', () => {
  const started = (gate: Gate, log: string[]) => {
    const ends = new Map<string, () => void>()
    const work = (name: string) => () => new Promise<void>((resolve) => {
      log.push(`${name} in`)
      ends.set(name, () => { log.push(`${name} out`); resolve() })
    })
    return {
      share: (name: string, ...places: string[]) => gate.share(places, work(name)),
      own: (name: string, place: string) => gate.own(place, work(name)),
      end: (name: string) => ends.get(name)?.(),
    }
  }
  const turns = async (): Promise<void> => { for (let turn = 0; turn < 20; turn++) await Promise.resolve() }

  it('lets the owner in after those inside, and holds up who comes after it', async () => {
    const log: string[] = []
    const { share, own, end } = started(new Gate(), log)
    const all = [share('a', 'LIS'), share('b', 'LIS', 'OPO'), own('owner', 'LIS'), share('late', 'LIS'), share('elsewhere', 'OPO')]
    await turns()
    expect(log).to.deep.equal(['a in', 'b in', 'elsewhere in'])
    end('a')
    await turns()
    expect(log).not.to.include('owner in')
    end('b')
    await turns()
    expect(log.at(-1)).to.equal('owner in')
    end('owner')
    await turns()
    expect(log.slice(-2)).to.deep.equal(['owner out', 'late in'])
    for (const name of ['late', 'elsewhere']) end(name)
    await Promise.all(all)
  })

  it('has one owner at a time, also after one that failed', async () => {
    const gate = new Gate()
    const log: string[] = []
    const failing = gate.own('LIS', async () => { await turns(); log.push('first'); throw new Error('no') }).catch(() => undefined)
    const second = gate.own('LIS', () => { log.push('second'); return Promise.resolve() })
    await Promise.all([failing, second])
    await gate.share(['LIS'], () => { log.push('shared'); return Promise.resolve() })
    expect(log).to.deep.equal(['first', 'second', 'shared'])
  })
})
