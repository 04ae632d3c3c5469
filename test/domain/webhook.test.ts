import { expect } from 'chai'
import { DELIVERABLE_TYPES, webhook, webhookEventTypes, webhookUrl } from '../../src/domain/webhook.ts'
import type { WebhookEvent } from '../../src/domain/events.ts'
import { given, refusal } from './given.ts'

const url = 'https://example.com/hooks?shop=7'
const signing = { keyId: 'k1', generation: 1 }
const registered: WebhookEvent = { type: 'WebhookRegistered', data: { url, eventTypes: ['StockAdded'], signing } }
const disabled: WebhookEvent = { type: 'WebhookUpdated', data: { isEnabled: false } }
const removed: WebhookEvent = { type: 'WebhookRemoved', data: {} }
const rotation = { keyId: 'k2', previousUntil: 86_400_000 }

describe('webhook', () => {
  it('is registered once, enabled, each type of event once', () => {
    given(webhook).when({ type: 'RegisterWebhook', url, eventTypes: ['StockAdded', 'StockAdded'], keyId: 'k1' }).then([registered])
    given(webhook).when({ type: 'RegisterWebhook', url, eventTypes: ['StockAdded', '*'], keyId: 'k1' })
      .then([{ type: 'WebhookRegistered', data: { url, eventTypes: ['*'], signing } }])
    given(webhook, [registered]).when({ type: 'RegisterWebhook', url, eventTypes: ['*'], keyId: 'k1' }).refused('ALREADY_EXISTS')
    expect(given(webhook, [registered]).state).to.include({ kind: 'registered', isEnabled: true, previous: null })
  })
  it('changes by what is news, and by nothing else', () => {
    given(webhook, [registered]).when({ type: 'UpdateWebhook', changes: { isEnabled: false } }).then([disabled])
    given(webhook, [registered]).when({ type: 'UpdateWebhook', changes: { url, eventTypes: ['StockAdded'], isEnabled: true } }).then([])
    given(webhook, [registered, disabled]).when({ type: 'UpdateWebhook', changes: { isEnabled: true, url: 'http://a.example' } })
      .then([{ type: 'WebhookUpdated', data: { isEnabled: true, url: 'http://a.example' } }])
  })
  it('takes a new secret and keeps the one before for a while', () => {
    const rotated: WebhookEvent = { type: 'WebhookSecretRotated', data: { signing: { keyId: 'k2', generation: 2 }, previousUntil: 86_400_000 } }
    given(webhook, [registered]).when({ type: 'UpdateWebhook', changes: {}, rotation }).then([rotated])
    expect(given(webhook, [registered, rotated]).state).to.deep.include({ signing: { keyId: 'k2', generation: 2 }, previous: { signing, until: 86_400_000 } })
  })
  it('is gone for good when it is removed', () => {
    given(webhook, [registered]).when({ type: 'RemoveWebhook' }).then([removed])
    for (const events of [[], [registered, removed]]) {
      given(webhook, events).when({ type: 'RemoveWebhook' }).refused('NOT_FOUND')
      given(webhook, events).when({ type: 'UpdateWebhook', changes: {}, rotation }).refused('NOT_FOUND')
      given(webhook, events).when({ type: 'RequestRedelivery', eventId: 'e' }).refused('NOT_FOUND')
    }
  })
  it('is asked to deliver again only while it is enabled', () => {
    given(webhook, [registered]).when({ type: 'RequestRedelivery', eventId: 'e' }).then([{ type: 'WebhookRedeliveryRequested', data: { eventId: 'e' } }])
    given(webhook, [registered, disabled]).when({ type: 'RequestRedelivery', eventId: 'e' }).refused('INVALID_STATE')
  })
  it('takes addresses of the web, without a user or what is never sent', () => {
    for (const good of [url, 'http://a', 'https://[2001:4860::1]:8443/x', 'HTTPS://EXAMPLE.com']) expect(webhookUrl(good)).to.equal(good)
    for (const bad of ['', 'a', '//a/b', 'ftp://a', 'file:///etc', 'https://', 'https://u@a', 'https://:p@a', 'https://a/#x', 'https://a b', 'https://a\n', 'https://ä.example', `https://a/${'x'.repeat(2_048)}`]) {
      expect(refusal(() => webhookUrl(bad)).field, bad).to.deep.equal(['url'])
    }
  })
  it('tells of everything but webhooks', () => {
    expect(DELIVERABLE_TYPES).to.include.members(['StockAdded', 'ProductRegistered', 'ReservationExpired', 'TransferReceived'])
    expect(refusal(() => webhookEventTypes(['StockAdded', 'WebhookRemoved'])).details).to.include({ index: 1 })
    for (const bad of [[], ['stockAdded'], ['toString'], ['']]) expect(refusal(() => webhookEventTypes(bad)).code).to.equal('INVALID_INPUT')
  })
})
