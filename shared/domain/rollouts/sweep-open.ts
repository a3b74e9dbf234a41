import { statusOf } from '../model/outcome.ts';
import type { Rollout } from '../model/rollout.ts';
import { attemptAll } from './attempt-all.ts';
import { carryOut, type CarryOutPorts, type Invocation } from './carry-out.ts';

/**
 * The index entry of a rollout is written before its row. After this time the function that wrote the entry is
 * certainly over, so an entry without a row is closed. Our own choice.
 */
const FRESH_MS = 300_000;

/**
 * Wakes every open rollout, closes index entries of rollouts that are done or do not exist, and logs rollouts
 * that stand still. One failure does not stop the others.
 *
 * @returns how many entries are open
 * @throws the first failure, after all others were tried
 */
export async function sweepOpen(ports: CarryOutPorts, invocation: Invocation): Promise<number> {
  const { rollouts, clock, log } = ports;
  const open = await rollouts.open();
  const [error] = await attemptAll(
    open.map(({ rolloutId, createdAtMs }) => async () => {
      const rollout = await carryOut(rolloutId, { kind: 'wake' }, ports, invocation);
      const isOver = rollout === undefined || rollout.phase === 'done';
      if (isOver && clock.nowMs() - createdAtMs > FRESH_MS) {
        await rollouts.close({ rolloutId, createdAtMs });
      }
      if (rollout !== undefined) warnIfStandingStill(rollout, ports);
    }),
    log,
  );
  if (error !== undefined) throw error;
  return open.length;
}

/** Logged at every sweep, for as long as the rollout stands still. */
function warnIfStandingStill(rollout: Rollout, { clock, log }: CarryOutPorts): void {
  const nowMs = clock.nowMs();
  const sinceMs = standsStillSinceMs(rollout, nowMs);
  if (sinceMs === undefined) return;
  const { rolloutId, waitingFor } = rollout;
  const status = statusOf(rollout);
  log('warn', 'standing-still', { rolloutId, status, waitingFor, stillMs: nowMs - sinceMs });
}

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
