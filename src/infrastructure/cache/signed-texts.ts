import { createHmac, timingSafeEqual } from 'node:crypto'

/** What is used of a store that keeps texts. */
export interface TextStore {
  getMany(keys: string[]): Promise<readonly unknown[]>
  set(key: string, text: string, ttlMs?: number): Promise<void>
}

const MAC_BYTES = 16
const MAC_CHARACTERS = Math.ceil(MAC_BYTES * 4 / 3)

/**
 * Texts that others can reach too: each is kept behind a mark made of it, its key and the secret. What does not carry
 * the right one, be it damaged, moved from another key or written by somebody else, is not there.
 */
export function signedTexts(store: TextStore, secret: string) {
  const mark = (key: string, text: string): string =>
    createHmac('sha256', secret).update(`${key.length} ${key}${text}`).digest().subarray(0, MAC_BYTES).toString('base64url')

  function read(key: string, kept: unknown): string | undefined {
    if (typeof kept !== 'string' || kept.length < MAC_CHARACTERS) return undefined
    const text = kept.slice(MAC_CHARACTERS)
    return areSame(kept.slice(0, MAC_CHARACTERS), mark(key, text)) ? text : undefined
  }

  return {
    async getMany(keys: string[]): Promise<(string | undefined)[]> {
      const kept = await store.getMany(keys)
      return keys.map((key, index) => read(key, kept[index]))
    },
    set: (key: string, text: string, ttlMs?: number): Promise<void> => store.set(key, mark(key, text) + text, ttlMs),
  }
}

function areSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}
