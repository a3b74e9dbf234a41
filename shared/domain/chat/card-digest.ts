import { hexOf } from '../../lib/hex.ts';
import type { Card } from '../model/card.ts';
import type { Sha256 } from '../model/ports.ts';

/** The same digest for cards that look the same and whose buttons do the same. Tokens do not count. */
export function cardDigest(card: Card, round: number, sha256: Sha256): string {
  const buttons = card.buttons.map(({ token: _token, ...button }) => button);
  return hexOf(sha256(JSON.stringify({ ...card, buttons, round })));
}
