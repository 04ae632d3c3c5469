import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Composition, compose, type WebhookOptions } from '../../src/compose.ts'
import type { Clock, Logger } from '../../src/application/ports.ts'
import { systemClock } from '../../src/infrastructure/clock.ts'
import { uuidV7 } from '../../src/infrastructure/ids.ts'

export const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined }

export type TestInventory = Composition & { readonly clock: Clock; readonly directory: string }

/** The real application on a store of its own, which close removes. */
export async function openTestInventory(webhooks: WebhookOptions = { allow: ['127.0.0.1'] }): Promise<TestInventory> {
  const directory = await mkdtemp(join(tmpdir(), 'stockstream-'))
  const composition = await compose({ directory, clock: systemClock, ids: uuidV7, logger: silent, webhooks })
  return {
    ...composition,
    clock: systemClock,
    directory,
    async close() {
      await composition.close()
      await rm(directory, { recursive: true })
    },
  }
}
