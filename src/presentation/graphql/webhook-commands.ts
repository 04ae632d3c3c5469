import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql'
import { Min } from 'class-validator'
import type { Answer } from '../../application/commands/types.ts'
import type { WebhookWithSecret } from '../../application/commands/webhook-types.ts'
import type { DeliveryView } from '../../application/views.ts'
import { webhookEventTypes, webhookUrl } from '../../domain/webhook.ts'
import type { Context } from './context.ts'
import { uuidOf } from './lines.ts'
import { answered, CommandPayload, RefusalsAsData } from './payload.ts'
import { IsIdempotencyKey, Obeys } from './validation.ts'
import { deliveryOf, WebhookDelivery } from './webhook-delivery.ts'
import { Webhook } from './webhook.ts'

@ObjectType({ implements: CommandPayload })
export class WebhookPayload extends CommandPayload {
  @Field(() => Webhook, { nullable: true }) webhook?: Webhook | null
  @Field(() => String, {
    nullable: true,
    description: 'What deliveries are signed with, as libraries of Standard Webhooks take it. Shown once, when it is made or rotated.',
  })
  secret?: string | null
}

@ObjectType({ implements: CommandPayload })
export class DeliveryPayload extends CommandPayload {
  @Field(() => WebhookDelivery, { nullable: true }) delivery?: WebhookDelivery | null
}

@InputType({ description: 'eventTypes: names of event types, or "*".' })
export class RegisterWebhookInput {
  @Field(() => String, { description: 'https:// or http://, at a public address.' }) @Obeys(webhookUrl) url!: string
  @Field(() => [String]) @Obeys(webhookEventTypes) eventTypes!: string[]
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType({ description: 'What is left out stays. With rotateSecret, deliveries are signed with the old secret too for another 24 hours.' })
export class UpdateWebhookInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) @Obeys(webhookUrl) url?: string | null
  @Field(() => [String], { nullable: true }) @Obeys(webhookEventTypes) eventTypes?: string[] | null
  @Field(() => Boolean, { nullable: true }) isEnabled?: boolean | null
  @Field(() => Boolean, { nullable: true }) rotateSecret?: boolean | null
  @Field(() => Int, { nullable: true }) @Min(0) expectedVersion?: number | null
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType()
export class RemoveWebhookInput {
  @Field(() => ID) id!: string
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

@InputType({ description: 'Tried at once, ahead of what waits, with the event\'s id as before.' })
export class RedeliverInput {
  @Field(() => ID) deliveryId!: string
  @Field(() => String, { nullable: true }) @IsIdempotencyKey() idempotencyKey?: string | null
}

const payload = (answer: Answer<WebhookWithSecret>, context: Context) => ({ ...answered(answer, context), ...answer.result })

@Resolver()
export class WebhookCommandResolver {
  @Mutation(() => WebhookPayload)
  @RefusalsAsData()
  async registerWebhook(@Arg('input', () => RegisterWebhookInput) input: RegisterWebhookInput, @Ctx() context: Context) {
    const { url, eventTypes, idempotencyKey } = input
    const command = { url, eventTypes, idempotencyKey: idempotencyKey ?? undefined }
    return payload(await context.inventory.commands.registerWebhook(command, context.caller), context)
  }

  @Mutation(() => WebhookPayload)
  @RefusalsAsData()
  async updateWebhook(@Arg('input', () => UpdateWebhookInput) input: UpdateWebhookInput, @Ctx() context: Context) {
    const { id, url, eventTypes, isEnabled, rotateSecret, expectedVersion, idempotencyKey } = input
    const command = {
      id: uuidOf('webhook', id), url: url ?? undefined, eventTypes: eventTypes ?? undefined, isEnabled: isEnabled ?? undefined,
      rotateSecret: rotateSecret ?? undefined, expectedVersion: expectedVersion ?? undefined, idempotencyKey: idempotencyKey ?? undefined,
    }
    return payload(await context.inventory.commands.updateWebhook(command, context.caller), context)
  }

  @Mutation(() => WebhookPayload, { description: 'Nothing is sent to it any more, and its deliveries are forgotten.' })
  @RefusalsAsData()
  async removeWebhook(@Arg('input', () => RemoveWebhookInput) { id, idempotencyKey }: RemoveWebhookInput, @Ctx() context: Context) {
    const command = { id: uuidOf('webhook', id), idempotencyKey: idempotencyKey ?? undefined }
    return payload(await context.inventory.commands.removeWebhook(command, context.caller), context)
  }

  @Mutation(() => DeliveryPayload)
  @RefusalsAsData()
  async redeliver(@Arg('input', () => RedeliverInput) input: RedeliverInput, @Ctx() context: Context) {
    const command = { ...deliveryOf(input.deliveryId), idempotencyKey: input.idempotencyKey ?? undefined }
    const answer = await context.inventory.commands.redeliver(command, context.caller)
    return { ...answered(answer, context), delivery: answer.result satisfies DeliveryView }
  }
}
