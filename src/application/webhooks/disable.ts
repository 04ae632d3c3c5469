import type { Commands } from '../commands/types.ts'
import type { Ids } from '../ports.ts'

/** Disables a webhook whose endpoint answered that it is gone. The audit trail tells of it as of any other command. */
export const createDisable = (commands: Pick<Commands, 'updateWebhook'>, ids: Ids) => async (id: string): Promise<void> => {
  const caller = { actor: 'stockstream:webhooks', correlationId: ids.next() }
  await commands.updateWebhook({ id, isEnabled: false, note: 'The endpoint answered 410 Gone.' }, caller)
}
