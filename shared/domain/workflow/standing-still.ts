import type { Rollout } from '../model/rollout.ts';

/** Far longer than any automatic step takes, restarts apart: our own choice. */
const STILL_MS = 900_000;

/**
 * Since when a rollout is stalled: nothing has happened although it should continue by itself. undefined when
 * something happened, when it is over, or when it waits for a person, a window, a freeze or its bake time. A
 * restart may take as long as the request allows. A save without a history entry does not count.
 */
export function standsStillSinceMs(rollout: Rollout, nowMs: number): number | undefined {
  const dueMs = dueAtMs(rollout);
  if (dueMs === undefined) return undefined;
  const { request, history, createdAtMs } = rollout;
  const sinceMs = Math.max(history.at(-1)?.atMs ?? createdAtMs, dueMs);
  const patienceMs = Math.max(STILL_MS, request.readyTimeoutSeconds * 1_000);
  return nowMs - sinceMs > patienceMs ? sinceMs : undefined;
}

/** When it continues by itself; undefined when it does not. */
function dueAtMs(rollout: Rollout): number | undefined {
  const { phase, waitingFor, waitingUntilMs } = rollout;
  if (phase === 'done') return undefined;
  // Every instance is finished. Only their release is left.
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
