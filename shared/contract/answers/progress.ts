import { failuresOf, isBoundOnly } from '../../domain/workflow/control.ts';
import { expectedEndMs, expectedMs, limitFor } from '../../domain/workflow/expected-end.ts';
import type { Plan } from '../../domain/model/plan.ts';
import { plannedWaves } from '../../domain/workflow/planned-waves.ts';
import type { RolloutRequest } from '../../domain/model/request.ts';
import type { Rollout } from '../../domain/model/rollout.ts';
import { isUnavailable } from '../../domain/workflow/waves.ts';

/** How far the restarts are, and what they wait for. */
export function progressOf(rollout: Rollout, nowMs: number) {
  const { instances, request, wave, waitingFor, waitingUntilMs, control } = rollout;
  const isHeld = control.kind === 'halted' || control.kind === 'aborted';
  return {
    wave: { current: wave, of: wave + plannedWaves(rollout).length },
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
    expectedEndIs: 'estimate' as const,
  };
}

/** What a plan says of it beforehand. */
export function paceOfPlan({ instances }: Pick<Plan, 'instances'>, request: RolloutRequest) {
  const waves = plannedWaves({ instances, request, wave: 0 });
  return {
    wave: { current: 0, of: waves.length },
    budget: {
      limit: limitFor({ instances }, request),
      unavailable: 0,
      failures: 0,
      haltAfter: request.haltAfterFailures,
    },
    waves,
    expectedSeconds: expectedMs(waves.length, request) / 1_000,
    expectedSecondsIs: 'estimate' as const,
  };
}

function idsOf(
  { instances }: Rollout,
  matches: (one: Rollout['instances'][number]) => boolean,
): string[] {
  return instances.filter(matches).map(({ instanceId }) => instanceId);
}
