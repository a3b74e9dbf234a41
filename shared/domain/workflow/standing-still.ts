import type { Rollout } from '../model/rollout.ts';

/** Far longer than anything takes that nobody is needed for, but for a restart: our own choice. */
const STILL_MS = 900_000;

/**
 * Since when nothing has happened in a rollout that should go on by itself: undefined for one in which something
 * has, that is over, or that waits for a person, a window, a freeze or its bake time. A restart may take as long
 * as the request lets it. That it is looked at again and again, and written, is not that something happens.
 */
export function standsStillSinceMs(rollout: Rollout, nowMs: number): number | undefined {
  const dueMs = dueAtMs(rollout);
  if (dueMs === undefined) return undefined;
  const { request, history, createdAtMs } = rollout;
  const sinceMs = Math.max(history.at(-1)?.atMs ?? createdAtMs, dueMs);
  const patienceMs = Math.max(STILL_MS, request.readyTimeoutSeconds * 1_000);
  return nowMs - sinceMs > patienceMs ? sinceMs : undefined;
}

/** When it goes on by itself; undefined when it does not. */
function dueAtMs(rollout: Rollout): number | undefined {
  const { phase, waitingFor, waitingUntilMs } = rollout;
  if (phase === 'done') return undefined;
  // All its instances are over, and what is left is to give them back.
  if (phase === 'closing') return 0;
  switch (waitingFor) {
    case 'approval':
    case 'paused':
    case 'halted':
    case 'stopped':
      return undefined;
    case 'window':
    case 'freeze':
    case 'bake':
      return waitingUntilMs ?? undefined;
    case '':
    case 'gate':
    case 'budget':
    case 'group':
    case 'unavailable':
      return 0;
  }
}
