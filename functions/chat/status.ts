import { signedText } from '../../shared/contract/answers/next-calls.ts';
import { rolloutCard } from '../../shared/domain/chat/cards/rollout-card.ts';
import { rolloutListCard } from '../../shared/domain/chat/cards/rollout-list-card.ts';
import { inOneLine, MAX_NOTE } from '../../shared/domain/chat/cards/words.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { mapPool } from '../../shared/lib/pool.ts';
import type { Clock, GlobalStop, Rollouts } from '../../shared/domain/model/ports.ts';

/** Rollouts that are listed: our own choice, the rows of so many can be read within 3 s. */
const LISTED = 5;

export interface StatusPorts {
  readonly rollouts: Pick<Rollouts, 'load' | 'newest'>;
  readonly stop: Pick<GlobalStop, 'read'>;
  readonly clock: Clock;
}

/** One rollout, or the newest ones. @throws {LatchkeyError} `not-found` */
export async function statusCard(rolloutId: string | null, ports: StatusPorts): Promise<Card> {
  const { rollouts, stop, clock } = ports;
  if (rolloutId !== null) {
    const rollout = await rollouts.load(rolloutId);
    if (rollout !== undefined) return rolloutCard(rollout, clock.nowMs(), { signedText });
    throw new LatchkeyError('not-found', `Cannot show "${rolloutId}": no such rollout`);
  }
  const [entries, stopped] = await Promise.all([rollouts.newest(LISTED), stop.read()]);
  const rows = await mapPool(entries, LISTED, async (entry) => {
    const rollout = await rollouts.load(entry.rolloutId);
    // A place in the list whose row never came.
    return rollout?.createdAtMs === entry.createdAtMs ? [rollout] : [];
  });
  const words =
    stopped === null
      ? ''
      : `Everything is stopped by ${inOneLine(stopped.by, MAX_NOTE)}: ${inOneLine(stopped.reason, MAX_NOTE)}`;
  return rolloutListCard(rows.flat(), clock.nowMs(), words);
}
