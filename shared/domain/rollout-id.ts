import { canonicalJson } from '../lib/canonical-json.ts';
import type { Sha256 } from './model/ports.ts';
import type { Origin } from './model/request.ts';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

/** Characters kept: 130 bits, as many as an id needs to be unique (design.md §4). */
const KEPT = 26;

/** The same origin gives the same id: creating the row is what makes a request idempotent. */
export function rolloutIdOf(
  origin: Pick<Origin, 'door' | 'client' | 'idempotencyKey'>,
  sha256: Sha256,
): string {
  const { door, client, idempotencyKey } = origin;
  return `ro-${base32(sha256(canonicalJson([door, client, idempotencyKey]))).slice(0, KEPT)}`;
}

/** What a rollout id looks like. */
export const ROLLOUT_ID = /^ro-[a-z2-7]{26}$/;

/** RFC 4648, in lower case and without padding. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
  }
  return text;
}
