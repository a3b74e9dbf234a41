import { failuresOf, isBoundOnly } from '../../shared/domain/control.ts';
import { isOver } from '../../shared/domain/outcome.ts';
import type { Plan } from '../../shared/domain/plan.ts';
import type { RolloutRequest } from '../../shared/domain/request.ts';
import type { Rollout } from '../../shared/domain/rollout.ts';
import { isUnavailable, limitOf, wavesLeft } from '../../shared/domain/waves.ts';
import { plannedWaves } from './planned-waves.ts';

/** What one wave takes in the estimate, a reboot and two looks: our own choice. */
const WAVE_MS = 60_000;

/** How far the restarts are, and what they wait for. */
export function viewProgress(rollout: Rollout, nowMs: number): Record<string, unknown> {
  const { instances, request, wave, waitingFor, waitingUntilMs, control } = rollout;
  const isHeld = control.kind === 'halted' || control.kind === 'aborted';
  return {
    wave: { current: wave, of: wave + wavesLeft(rollout) },
    budget: {
      limit: limitFor(rollout, request),
      unavailable: instances.filter(isUnavailable).length,
      failures: Math.max(0, failuresOf(rollout) - rollout.forgiven),
      haltAfter: request.haltAfterFailures,
    },
    restarting: idsOf(
      rollout,
      ({ restart }) => restart.kind === 'claimed' || restart.kind === 'booting',
    ),
    waitingFor,
    waitingUntilMs,
    boundOnly: idsOf(
      rollout,
      (one) => isBoundOnly(one) && (isHeld || one.restart.kind === 'dropped'),
    ),
    expectedEndMs: expectedEndMs(rollout, nowMs),
    expectedEndIs: 'estimate',
  };
}

/** What a plan says of it beforehand. */
export function viewPace(
  { instances }: Pick<Plan, 'instances'>,
  request: RolloutRequest,
): Record<string, unknown> {
  const waves = wavesLeft({ instances, request, wave: 0 });
  return {
    wave: { current: 0, of: waves },
    budget: {
      limit: limitFor({ instances }, request),
      unavailable: 0,
      failures: 0,
      haltAfter: request.haltAfterFailures,
    },
    waves: plannedWaves(instances, request),
    expectedSeconds: waves * (request.bakeSeconds + WAVE_MS / 1_000),
    expectedSecondsIs: 'estimate',
  };
}

function limitFor({ instances }: Pick<Plan, 'instances'>, request: RolloutRequest): number {
  const total = instances.filter(({ restart }) => restart.kind !== 'none').length;
  return limitOf(request.maxUnavailable, total);
}

/** null when it is over, or when it depends on a person. */
function expectedEndMs(rollout: Rollout, nowMs: number): number | null {
  const { phase, control, approval, waitingFor, waitingUntilMs, request, instances } = rollout;
  const waitsForSomebody =
    approval?.state === 'waiting' ||
    control.kind === 'paused' ||
    control.kind === 'halted' ||
    waitingFor === 'stopped';
  if (phase !== 'open' || waitsForSomebody) return null;
  const startMs = Math.max(nowMs, waitingUntilMs ?? nowMs);
  const inFlightMs = instances.some((one) => one.wave > 0 && !isOver(one)) ? WAVE_MS : 0;
  return startMs + inFlightMs + wavesLeft(rollout) * (request.bakeSeconds * 1_000 + WAVE_MS);
}

function idsOf(
  { instances }: Rollout,
  matches: (one: Rollout['instances'][number]) => boolean,
): string[] {
  return instances.filter(matches).map(({ instanceId }) => instanceId);
}
