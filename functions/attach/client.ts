import type { Command, Wish } from '../../shared/domain/model/command.ts';
import { personBehind } from '../../shared/domain/policy/people.ts';
import type { ClientRule } from '../../shared/domain/model/policy.ts';
import type { RequestLedger } from '../../shared/domain/model/ports.ts';
import type { Origin } from '../../shared/domain/model/request.ts';
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

/** Who asks, and whether the same request came before. */
export interface Asked {
  readonly caller: Caller;
  /** SHA-256 of the body. */
  readonly bodyDigest: string;
  /** Whether this very request was carried out before: then it only shows how things are. */
  readonly isDone: boolean;
}

/** What a rollout keeps of who asked for it. */
export function originOf({ caller: { client, requestId }, bodyDigest }: Asked): Origin {
  return {
    door: 'webhook',
    client: client.id,
    idempotencyKey: requestId,
    bodyDigest,
    ...(client.person === null ? {} : { person: client.person }),
  };
}

/**
 * Acts, unless the request was carried out before. One whose end was not recorded is carried out again:
 * what `act` does must be safe to repeat.
 */
export async function once<T>(
  { caller: { client, requestId }, isDone }: Asked,
  { ledger }: { readonly ledger: RequestLedger },
  act: () => Promise<T>,
  see: () => Promise<T>,
): Promise<T> {
  if (isDone) return see();
  const done = await act();
  await ledger.finish(client.id, requestId);
  return done;
}
