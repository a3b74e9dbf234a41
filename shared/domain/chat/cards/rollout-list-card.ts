import type { Card } from '../../model/card.ts';
import { expectedEndMs } from '../../workflow/expected-end.ts';
import { isOver, statusOf } from '../../model/outcome.ts';
import type { Rollout } from '../../model/rollout.ts';
import { endOf } from './done-rollout-card.ts';
import { failuresIn, waitingWords } from './progress.ts';
import { plainCard, textBlock } from './shown.ts';
import { askedBy, subjectOf } from './who.ts';
import { about } from './words.ts';

/** Most rollouts that one card lists: our own choice. */
const MAX_ROLLOUTS = 20;

/** The newest rollouts, one in two lines. @param stopped the global stop in words; '' for none */
export function rolloutListCard(rollouts: readonly Rollout[], nowMs: number, stopped = ''): Card {
  const lines = rollouts
    .slice(0, MAX_ROLLOUTS)
    .map(
      (one) =>
        `${one.rolloutId} · ${subjectOf(one.request, one.instances.length)}\n` +
        `${statusLine(one, nowMs)} · ${askedBy(one.origin)}`,
    );
  return plainCard(
    lines.length === 0 ? 'No rollouts' : 'Rollouts, newest first',
    stopped === '' ? 'neutral' : 'warning',
    [...textBlock(stopped === '' ? [] : [stopped]), ...lines.flatMap((line) => textBlock([line]))],
  );
}

/** In a line: where it is, how far, and what it waits for. */
export function statusLine(rollout: Rollout, nowMs: number): string {
  const { instances, approval } = rollout;
  const status = statusOf(rollout);
  if (status === 'done') return endOf(rollout, failuresIn(rollout)).toLowerCase();
  if (status === 'waiting' && approval !== null) {
    return `waits for approval, ${approval.given.length} of ${approval.needed}`;
  }
  const done = instances.filter(isOver).length;
  const waiting = waitingWords(rollout);
  const endMs = expectedEndMs(rollout, nowMs);
  return [
    `${status}, ${done} of ${instances.length}`,
    ...(waiting === '' ? [] : [`waits for ${waiting}`]),
    ...(endMs === null ? [] : [`about ${about(endMs - nowMs)} left`]),
  ].join(', ');
}
