import { rolloutCard } from '../../chat/cards/rollout-card.ts';
import { rolloutListCard } from '../../chat/cards/rollout-list-card.ts';
import type { SignedText } from '../../chat/cards/shown.ts';
import { inOneLine, MAX_NOTE } from '../../chat/cards/words.ts';
import type { Card } from '../../model/card.ts';
import { LatchkeyError } from '../../model/errors.ts';
import { mapPool } from '../../../lib/pool.ts';
import type { Clock, GlobalStop, Rollouts } from '../../model/ports.ts';

/** How many rollouts are listed: our own choice. So many rows can be read within 3 s. */
const LISTED = 5;

export interface StatusPorts {
  readonly rollouts: Pick<Rollouts, 'load' | 'newest'>;
  readonly stop: Pick<GlobalStop, 'read'>;
  readonly clock: Clock;
  readonly signedText: SignedText;
}

/** One rollout, or the newest ones. @throws {LatchkeyError} `not-found` */
export async function statusCard(rolloutId: string | null, ports: StatusPorts): Promise<Card> {
  const { rollouts, stop, clock, signedText } = ports;
  if (rolloutId !== null) {
    const rollout = await rollouts.load(rolloutId);
    if (rollout !== undefined) return rolloutCard(rollout, clock.nowMs(), { signedText });
    throw new LatchkeyError('not-found', `Cannot show "${rolloutId}": no such rollout`);
  }
  const [entries, stopped] = await Promise.all([rollouts.newest(LISTED), stop.read()]);
  const rows = await mapPool(entries, LISTED, async (entry) => {
    const rollout = await rollouts.load(entry.rolloutId);
    // The list can name a rollout whose row was never written.
    return rollout?.createdAtMs === entry.createdAtMs ? [rollout] : [];
  });
  const words =
    stopped === null
      ? ''
      : `Everything is stopped by ${inOneLine(stopped.by, MAX_NOTE)}: ${inOneLine(stopped.reason, MAX_NOTE)}`;
  return rolloutListCard(rows.flat(), clock.nowMs(), words);
}
