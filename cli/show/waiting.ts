import type { RolloutView } from '../api/views.ts';
import { duration, moment } from './duration.ts';
import { plain } from './text.ts';

/** Each value of `waitingFor` (docs/http.md) in words. */
const WORDS: Readonly<Record<string, string>> = {
  approval: 'somebody to approve it',
  paused: 'somebody to resume it',
  halted: 'somebody to look: it was halted',
  stopped: 'the end of the stop of everything',
  window: 'its window to open',
  freeze: 'a freeze to end',
  bake: 'the wave to have been ready for long enough',
  gate: 'the health gate',
  budget: 'others to be up again: as many as may be are down',
  group: 'others of the group to be up again',
  unavailable: 'ECS',
};

/** What it waits for, and how long; '' when it waits for nothing. */
export function waitingText({ waitingFor, waitingUntilMs, control }: RolloutView, nowMs: number) {
  if (waitingFor === '') return '';
  const what = WORDS[waitingFor] ?? plain(waitingFor);
  const cause = 'cause' in control && control.cause !== '' ? ` (${plain(control.cause)})` : '';
  const why = waitingFor === 'halted' || waitingFor === 'paused' ? cause : '';
  if (waitingUntilMs === null) return `waits for ${what}${why}`;
  const left = duration(waitingUntilMs - nowMs);
  return `waits for ${what}${why}, until ${moment(waitingUntilMs)} (${left})`;
}

/** `about 4 min left`; '' when nobody can tell. */
export function timeLeft({ expectedEndMs }: RolloutView, nowMs: number): string {
  return expectedEndMs === null ? '' : `about ${duration(expectedEndMs - nowMs)} left`;
}
