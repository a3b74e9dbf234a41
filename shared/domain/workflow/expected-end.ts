import { plannedWaves } from './planned-waves.ts';
import { isOver } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { Rollout } from '../model/rollout.ts';
import { limitOf } from './waves.ts';

/** The estimated time of one wave, a reboot and two reads: our own choice. */
const WAVE_MS = 60_000;

/** The most instances that may be unavailable at once, for whatever reason. */
export function limitFor({ instances }: Pick<Plan, 'instances'>, request: RolloutRequest): number {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  return limitOf(request.maxUnavailable, total);
}

/** An estimate of how long so many waves take, each with its bake time. */
export function expectedMs(waves: number, { bakeSeconds }: RolloutRequest): number {
  return waves * (bakeSeconds * 1_000 + WAVE_MS);
}

/** An estimate; null when the rollout is over or waits for a person. */
export function expectedEndMs(rollout: Rollout, nowMs: number): number | null {
  const { phase, control, approval, waitingFor, waitingUntilMs, request, instances } = rollout;
  const waitsForSomebody =
    approval?.state === 'waiting' ||
    control.kind === 'paused' ||
    control.kind === 'halted' ||
    waitingFor === 'stopped';
  if (phase !== 'open' || waitsForSomebody) return null;
  const startMs = Math.max(nowMs, waitingUntilMs ?? nowMs);
  const inFlightMs = instances.some((one) => one.wave > 0 && !isOver(one)) ? WAVE_MS : 0;
  return startMs + inFlightMs + expectedMs(plannedWaves(rollout).length, request);
}
