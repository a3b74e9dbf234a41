import { base32 } from '../../lib/base32.ts';
import { canonicalJson } from '../../lib/canonical-json.ts';
import type { Sha256 } from '../model/ports.ts';
import type { Origin } from '../model/request.ts';

/** Characters kept: 130 bits, far more than an id needs to be unique. */
const KEPT = 26;

/** The same origin gives the same id. So the creation of the row makes a request idempotent. */
export function rolloutIdOf(
  origin: Pick<Origin, 'door' | 'client' | 'idempotencyKey'>,
  sha256: Sha256,
): string {
  const { door, client, idempotencyKey } = origin;
  return `ro-${base32(sha256(canonicalJson([door, client, idempotencyKey]))).slice(0, KEPT)}`;
}
