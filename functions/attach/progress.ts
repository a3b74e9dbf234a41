import { failuresOf, isBoundOnly } from '../../shared/domain/workflow/control.ts';
import { expectedEndMs, expectedMs, limitFor } from '../../shared/domain/workflow/expected-end.ts';
import type { Plan } from '../../shared/domain/model/plan.ts';
import { plannedWaves } from '../../shared/domain/workflow/planned-waves.ts';
import type { RolloutRequest } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { isUnavailable } from '../../shared/domain/workflow/waves.ts';

/** How far the restarts are, and what they wait for. */
export function viewProgress(rollout: Rollout, nowMs: number): Record<string, unknown> {
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
    expectedEndIs: 'estimate',
  };
}

/** What a plan says of it beforehand. */
export function viewPace(
  { instances }: Pick<Plan, 'instances'>,
  request: RolloutRequest,
): Record<string, unknown> {
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
    expectedSecondsIs: 'estimate',
  };
}

function idsOf(
  { instances }: Rollout,
  matches: (one: Rollout['instances'][number]) => boolean,
): string[] {
  return instances.filter(matches).map(({ instanceId }) => instanceId);
}
