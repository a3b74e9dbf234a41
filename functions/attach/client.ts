import { LatchkeyError } from '../../shared/domain/errors.ts';
import type { Action, ClientRule } from '../../shared/domain/policy.ts';
import type { Rollout } from '../../shared/domain/rollout.ts';
import type { WebhookSecret } from '../../shared/inbound/webhook-secret.ts';

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

/** @throws {LatchkeyError} `forbidden`, which says no more than who may not do what */
export function permit({ id, actions }: ClientRule, action: Action): void {
  if (actions.includes(action)) return;
  throw new LatchkeyError('forbidden', `Cannot ${action}: client "${id}" may not`);
}

/**
 * Nobody approves what it asked for itself: an approval is a second pair of eyes.
 *
 * @throws {LatchkeyError} `forbidden`
 */
export function permitDecision(
  { id }: ClientRule,
  action: Action,
  { rolloutId, origin }: Pick<Rollout, 'rolloutId' | 'origin'>,
): void {
  const isOwn = origin.door === 'webhook' && origin.client === id;
  if (action !== 'approve' || !isOwn) return;
  const why = `client "${id}" asked for it itself`;
  throw new LatchkeyError('forbidden', `Cannot approve rollout "${rolloutId}": ${why}`);
}
