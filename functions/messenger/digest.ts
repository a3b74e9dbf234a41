import type { Card } from '../../shared/domain/model/card.ts';
import type { Sha256 } from '../../shared/domain/model/ports.ts';

/** The same for cards that look the same and whose buttons do the same: tokens are no part of it. */
export function cardDigest(card: Card, round: number, sha256: Sha256): string {
  const buttons = card.buttons.map(({ token: _token, ...button }) => button);
  return hexOf(sha256(JSON.stringify({ ...card, buttons, round })));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
