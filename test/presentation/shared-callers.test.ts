import { expect } from 'chai'
import { DEFAULT_LIMITS } from '../../src/presentation/limits.ts'
import { type CallerCounts, createCallerCounts, createSharedCallers, type SharedCallers } from '../../src/presentation/shared-callers.ts'

const PROCESSES = 4
const SHARE = 160
const WINDOW_SECONDS = 10
const limits = { ...DEFAULT_LIMITS.caller, requestsPerSecond: SHARE, costPerSecond: SHARE, refusalsPerSecond: 1, subscriptionsMax: 3 }

describe('callers of several processes', () => {
  let counts: CallerCounts
  let processes: readonly SharedCallers[]
  let asked: number

  beforeEach(() => {
    counts = createCallerCounts(limits)
    asked = 0
    const places = new Map<number, () => void>()
    const elsewhere = {
      take: (...values: Parameters<CallerCounts['take']>) => {
        asked += 1
        return counts.take(...values)
      },
      async refused(what: 'requests' | 'identities', key: string, points: number) {
        const ms = await counts.refused(what, key, points)
        if (ms !== undefined) for (const each of processes) each.keepOut(what, key, ms)
      },
      subscribe(caller: string) {
        const release = counts.subscribe(caller)
        if (release) places.set(places.size, release)
        return Promise.resolve(release && places.size - 1)
      },
      letGo: (place: number) => { places.get(place)?.() },
    }
    processes = Array.from({ length: PROCESSES }, () => createSharedCallers(limits, PROCESSES, elsewhere))
  })

  const isLetIn = (attempt: Promise<unknown>): Promise<boolean> => attempt.then(() => true, () => false)
  const allowed = async (attempts: readonly Promise<unknown>[]): Promise<number> => (await Promise.all(attempts.map(isLetIn))).filter(Boolean).length

  it('give all of them together one share, of which a sixteenth at the most stays unused', async () => {
    const wanted = 2 * SHARE * WINDOW_SECONDS
    const granted = await allowed(Array.from({ length: wanted }, (_, n) => processes[n % PROCESSES]!.request('caller')))
    expect(granted).to.be.within(SHARE * WINDOW_SECONDS * 15 / 16, SHARE * WINDOW_SECONDS)
  })

  it('leave one process nearly the whole share where it is asked alone', async () => {
    const granted = await allowed(Array.from({ length: 2 * SHARE * WINDOW_SECONDS }, () => processes[0]!.request('caller')))
    expect(granted).to.equal(SHARE * WINDOW_SECONDS)
  })

  it('let a burst through that is within the share, though all of it asks before the first is answered', async () => {
    const burst = SHARE * WINDOW_SECONDS / 4
    expect(await allowed(Array.from({ length: burst }, () => processes[0]!.work('caller', 1)))).to.equal(burst)
    expect(asked, 'each asked for itself').to.be.lessThan(burst / 10)
  })

  it('refuse what is dear, and let through what is cheap meanwhile', async () => {
    const [dear, cheap] = await Promise.all([isLetIn(processes[0]!.work('caller', 2 * SHARE * WINDOW_SECONDS)), isLetIn(processes[1]!.work('other', 1))])
    expect([dear, cheap]).to.deep.equal([false, true])
  })

  it('keep out everywhere who was refused too often at different ones', async () => {
    for (let n = 0; n <= WINDOW_SECONDS; n += 1) await processes[n % PROCESSES]!.refused('caller', 10)
    for (const each of processes) expect(() => { each.letIn('caller') }).to.throw('may be refused')
    expect(() => { processes[0]!.letIn('other') }).to.not.throw()
  })

  it('count subscriptions together, and give a place back once', async () => {
    const releases = await Promise.all([0, 1, 2].map(async (n) => processes[n]!.subscribe('caller')))
    expect(await isLetIn(Promise.resolve(processes[3]!.subscribe('caller')))).to.equal(false)
    releases[0]!()
    releases[0]!()
    expect(await allowed([3, 2].map(async (n) => processes[n]!.subscribe('caller')))).to.equal(1)
  })
})
