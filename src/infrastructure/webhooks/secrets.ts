import { createHash, hkdfSync, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { WebhookSecrets } from '../../application/webhooks/ports.ts'

const KEY_BYTES = 32
const SECRET_BYTES = 32
/** Deriving costs as much as a delivery. */
const DERIVED_MAX = 1_000

/** Damage, or another file in its place: with a new key every endpoint would need a new secret, so none is made. */
export class BadWebhookKey extends Error {
  override readonly name = 'BadWebhookKey'
}

/**
 * Secrets derived (HKDF-SHA-256) from the key in the file, which is made where there is none. No secret is stored: whoever
 * has the log or the read model and not the key can't sign.
 */
export function openWebhookSecrets(file: string): WebhookSecrets {
  const key = readKey(file) ?? makeKey(file)
  const keyId = createHash('sha256').update(key).digest('hex').slice(0, 16)
  const derived = new LRUCache<string, string>({ max: DERIVED_MAX })
  return {
    keyId,
    secret(webhookId, { keyId: of, generation }) {
      if (of !== keyId) throw new Error('The key that made this secret is not in webhook.key any more: rotate the secret (updateWebhook, rotateSecret: true).')
      const name = `stockstream webhook ${webhookId} ${generation}`
      const secret = derived.get(name) ?? `whsec_${Buffer.from(hkdfSync('sha256', key, '', name, SECRET_BYTES)).toString('base64')}`
      derived.set(name, secret)
      return secret
    },
  }
}

function readKey(file: string): Buffer | undefined {
  try {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64')
    if (key.length === KEY_BYTES) return key
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  throw new BadWebhookKey(`${file} holds no key of ${KEY_BYTES} bytes in base64: restore it, or remove it and rotate every webhook's secret.`)
}

/** Readable for this user alone, and on disk before anything is signed with it. */
function makeKey(file: string): Buffer {
  const key = randomBytes(KEY_BYTES)
  mkdirSync(dirname(file), { recursive: true })
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeSync(descriptor, `${key.toString('base64')}\n`)
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
  return key
}
