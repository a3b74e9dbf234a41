import { isOver } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { Rollout } from '../model/rollout.ts';
import { limitOf, wavesLeft } from './waves.ts';

/** What one wave takes in the estimate, a reboot and two looks: our own choice. */
const WAVE_MS = 60_000;

/** Most that may be unavailable at once, whoever took them down. */
export function limitFor({ instances }: Pick<Plan, 'instances'>, request: RolloutRequest): number {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  return limitOf(request.maxUnavailable, total);
}

/** An estimate of how long so many waves take, with the bake time after each. */
export function expectedMs(waves: number, { bakeSeconds }: RolloutRequest): number {
  return waves * (bakeSeconds * 1_000 + WAVE_MS);
}

/** An estimate; null when it is over, or when it depends on a person. */
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
  return startMs + inFlightMs + expectedMs(wavesLeft(rollout), request);
}
