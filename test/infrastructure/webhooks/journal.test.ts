import { expect } from 'chai'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { InvalidCursor } from '../../../src/application/read-model.ts'
import type { DeliveryView } from '../../../src/application/views.ts'
import type { DeliveryJournal, Health } from '../../../src/application/webhooks/ports.ts'
import { openDeliveryJournal } from '../../../src/infrastructure/webhooks/journal.ts'

const WELL: Health = { failures: 0, failingSince: null, restsUntil: 0 }

describe('the journal of deliveries', () => {
  let directory: string
  let journal: DeliveryJournal

  const open = (logId = 'log-1', keptMax?: number) => openDeliveryJournal({ file: join(directory, 'webhooks.sqlite'), logId, ...(keptMax !== undefined && { keptMax }) })
  const reopen = (...args: Parameters<typeof open>): void => {
    journal.close()
    journal = open(...args)
  }
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'stockstream-journal-'))
    journal = open()
  })
  afterEach(() => {
    journal.close()
    rmSync(directory, { recursive: true })
  })

  const enqueue = (webhookId: string, ...positions: number[]): void => {
    journal.open(webhookId, 0)
    journal.enqueue(webhookId, positions.map((position) => ({ eventId: `e${position}`, position })), Math.max(...positions))
  }
  const conclude = (webhookId: string, position: number, status: DeliveryView['status'], health = WELL): void => {
    const delivery = journal.delivery(webhookId, `e${position}`)!
    journal.record({ ...delivery, status, attempts: delivery.attempts + 1, lastStatusCode: 200, lastError: null, nextAttemptAt: null }, health)
  }
  const listed = (statuses?: DeliveryView['status'][]) =>
    journal.page({ webhookId: 'w', first: 100, ...(statuses && { statuses }) }).items.map(({ eventId, status }) => `${eventId} ${status}`).join(', ')

  it('begins where an endpoint was registered, and goes on where it was after a restart', () => {
    expect(journal.open('w', 7)).to.deep.equal({ position: 7, ...WELL })
    journal.enqueue('w', [{ eventId: 'e8', position: 8 }, { eventId: 'e10', position: 10 }], 12)
    conclude('w', 8, 'PENDING', { failures: 2, failingSince: 100, restsUntil: 900 })
    reopen()
    expect(journal.open('w', 0)).to.deep.equal({ position: 12, failures: 2, failingSince: 100, restsUntil: 900 })
    expect(journal.next('w')).to.deep.equal({
      delivery: { webhookId: 'w', eventId: 'e8', position: 8, status: 'PENDING', attempts: 1, lastStatusCode: 200, lastError: null, nextAttemptAt: null }, isRequested: false,
    })
  })

  it('takes an event in once', () => {
    enqueue('w', 1, 2)
    conclude('w', 1, 'DELIVERED')
    enqueue('w', 1, 2, 3)
    expect(listed()).to.equal('e1 DELIVERED, e2 PENDING, e3 PENDING')
    expect(journal.waiting('w')).to.equal(2)
  })

  it('gives what waits in the order of the log, what is requested first, each endpoint for itself', () => {
    enqueue('w', 1, 2, 3)
    enqueue('v', 1)
    conclude('w', 1, 'DELIVERED')
    conclude('w', 2, 'FAILED')
    expect(journal.next('w')?.delivery.eventId).to.equal('e3')
    journal.request([{ webhookId: 'w', eventId: 'e2' }, { webhookId: 'w', eventId: 'e3' }, { webhookId: 'w', eventId: 'none' }], 40)
    expect(journal.next('w')).to.deep.include({ isRequested: true }).and.nested.include({ 'delivery.eventId': 'e2' })
    conclude('w', 2, 'DELIVERED')
    expect(journal.next('w')).to.deep.include({ isRequested: false }).and.nested.include({ 'delivery.eventId': 'e3' })
    expect([journal.requestsPosition(), journal.waiting(), journal.waiting('v')]).to.deep.equal([40, 2, 1])
  })

  it('wakes an endpoint that rests when a delivery is asked for', () => {
    enqueue('w', 1)
    conclude('w', 1, 'PENDING', { failures: 3, failingSince: 1, restsUntil: 99 })
    journal.request([{ webhookId: 'w', eventId: 'e1' }], 2)
    expect(journal.open('w', 0)).to.include({ failures: 3, failingSince: 1, restsUntil: 0 })
  })

  it('lists by status, page by page, and takes no cursor of another list', () => {
    enqueue('w', 1, 2, 3, 4, 5)
    enqueue('v', 1)
    for (const position of [1, 2, 4]) conclude('w', position, 'DELIVERED')
    expect(listed(['DELIVERED', 'FAILED'])).to.equal('e1 DELIVERED, e2 DELIVERED, e4 DELIVERED')
    expect(listed([])).to.equal('')
    const page = journal.page({ webhookId: 'w', statuses: ['DELIVERED'], first: 2 })
    expect(page).to.deep.include({ hasNextPage: true, hasPreviousPage: false, totalCount: 3 })
    const rest = journal.page({ webhookId: 'w', statuses: ['DELIVERED'], first: 2, after: page.cursors[1]! })
    expect(rest).to.deep.include({ hasNextPage: false, hasPreviousPage: true, totalCount: 3 })
    expect(rest.items.map(({ eventId }) => eventId)).to.deep.equal(['e4'])
    expect(() => journal.page({ webhookId: 'w', first: 1, after: 'eA' })).to.throw(InvalidCursor)
  })

  it('keeps so many of those that are over, and all that wait', () => {
    reopen('log-1', 10)
    const all = Array.from({ length: 1_200 }, (_, index) => index + 1)
    enqueue('w', ...all)
    for (const position of all.slice(1)) conclude('w', position, 'DELIVERED')
    const { totalCount } = journal.page({ webhookId: 'w', first: 1 })
    expect(totalCount).to.be.above(10).and.below(520)
    expect(journal.next('w')?.delivery.eventId).to.equal('e1')
    expect(journal.delivery('w', 'e1200')?.status).to.equal('DELIVERED')
  })

  it('forgets endpoints that are no more', () => {
    enqueue('w', 1)
    enqueue('v', 1)
    journal.forgetAllBut(['v'])
    expect([journal.delivery('w', 'e1'), journal.delivery('v', 'e1')?.position, journal.open('w', 5).position]).to.deep.equal([undefined, 1, 5])
  })

  it('follows a log that was set back, so that what is recorded then is not taken for what stood there', () => {
    enqueue('w', 1, 2, 3)
    conclude('w', 1, 'DELIVERED')
    journal.request([{ webhookId: 'w', eventId: 'e1' }], 4)
    journal.forgetAfter(2)
    expect([journal.open('w', 0).position, journal.requestsPosition()]).to.deep.equal([2, 2])
    journal.enqueue('w', [{ eventId: 'other', position: 3 }], 3)
    expect(listed()).to.equal('e1 PENDING, e2 PENDING, other PENDING')
    journal.forgetAfter(99)
    expect([journal.open('w', 0).position, journal.waiting('w')]).to.deep.equal([3, 3])
  })

  it('begins anew with another log, and is left alone by a version that does not know it', () => {
    enqueue('w', 1)
    reopen('log-2')
    expect([journal.waiting(), journal.open('w', 3).position]).to.deep.equal([0, 3])
    journal.close()
    const db = new SqliteDatabase(join(directory, 'webhooks.sqlite'))
    db.pragma('user_version = 99')
    db.close()
    expect(() => open()).to.throw('run a newer one')
    journal = openDeliveryJournal({ file: join(directory, 'other.sqlite'), logId: 'log-1' })
  })
})
