import type { RolloutView } from '../api/views.ts';
import { duration, moment } from './duration.ts';
import { plain } from './text.ts';

/** Each value of `waitingFor` (docs/http.md) in words. */
const WORDS: Readonly<Record<string, string>> = {
  approval: 'somebody to approve it',
  paused: 'somebody to resume it',
  halted: 'somebody to decide: it was halted',
  stopped: 'the stop of everything to be lifted',
  window: 'its window to open',
  freeze: 'a freeze to end',
  bake: 'the bake time of the wave to pass',
  gate: 'the health gate',
  budget: 'instances to be up again: no more may be down',
  group: 'others of the group to be up again',
  unavailable: 'ECS',
};

/** What a rollout waits for, and how long; '' when it waits for nothing. */
export function waitingText({ waitingFor, waitingUntilMs, control }: RolloutView, nowMs: number) {
  if (waitingFor === '') return '';
  const isHeld = waitingFor === 'halted' || waitingFor === 'paused';
  const cause =
    isHeld && control.kind !== 'going' && control.cause !== '' ? ` (${plain(control.cause)})` : '';
  const what = `waits for ${WORDS[waitingFor] ?? plain(waitingFor)}${cause}`;
  if (waitingUntilMs === null) return what;
  return `${what}, until ${moment(waitingUntilMs)} (${duration(waitingUntilMs - nowMs)})`;
}

/** `about 4 min left`; '' when there is no estimate. */
export function timeLeft({ expectedEndMs }: RolloutView, nowMs: number): string {
  return expectedEndMs === null ? '' : `about ${duration(expectedEndMs - nowMs)} left`;
}
