import type { Command, Wish } from '../../shared/domain/model/command.ts';
import { personBehind } from '../../shared/domain/policy/people.ts';
import type { ClientRule } from '../../shared/domain/model/policy.ts';
import type { WebhookSecret } from '../../shared/contract/webhook-secret.ts';

/** Somebody who may ask through the webhook. */
export interface Client {
  readonly rule: ClientRule;
  /** Any of them signs: several while they are rotated. No other client has one of them. */
  readonly secrets: readonly WebhookSecret[];
}

/** A client, and the id that it gave to its request. */
export interface Caller {
  readonly client: ClientRule;
  /** `webhook-id` */
  readonly requestId: string;
}

/** What the history calls a caller: another one for each request, the same when it is sent again. */
export function nameOf({ client, requestId }: Caller): string {
  return `${client.id} ${requestId}`;
}

/** Whoever approves is the person whose client it is, else the client itself. */
export function commandOf(wish: Wish, client: ClientRule): Command {
  if (wish.kind !== 'approve') return wish;
  const { kind, planDigest } = wish;
  return { kind, planDigest, approver: { person: personBehind(client), place: null } };
}
