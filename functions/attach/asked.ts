import type { RequestLedger } from '../../shared/domain/model/ports.ts';
import type { Origin } from '../../shared/domain/model/request.ts';
import type { Caller } from './client.ts';

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
