import { countOutcomes, statusOf } from '../../shared/domain/outcome.ts';
import { type Plan, warningsOf } from '../../shared/domain/plan.ts';
import type { RolloutRequest } from '../../shared/domain/request.ts';
import type { Rollout } from '../../shared/domain/rollout.ts';
import { nextCallsOf } from './next-calls.ts';
import { viewPace, viewProgress } from './progress.ts';
import { viewInstance } from './view-instance.ts';

/** The answer to a request, as design.md §6.1 has it. Times are milliseconds since the epoch. */
export function viewRollout(
  rollout: Rollout,
  options: { readonly nowMs: number; readonly hasGate: boolean },
): Record<string, unknown> {
  const { control, approval } = rollout;
  return {
    ...viewHead(rollout),
    planDigest: rollout.planDigest,
    updatedAtMs: rollout.updatedAtMs,
    control,
    approval,
    ...viewProgress(rollout, options.nowMs),
    healthGate: options.hasGate
      ? 'asked before and after each wave'
      : 'none: the bake time stands alone',
    nextCalls: nextCallsOf(rollout),
    warnings: warningsOf(rollout),
    ...viewCounts(rollout),
    results: rollout.instances.map(viewInstance),
    history: rollout.history.map(({ seq: _seq, ...entry }) => entry),
  };
}

/** A rollout in a list of many. */
export function viewRow(rollout: Rollout): Record<string, unknown> {
  return { ...viewHead(rollout), ...viewCounts(rollout) };
}

/** What would happen: the same form, without a rollout. */
export function viewPlan(plan: Plan, request: RolloutRequest): Record<string, unknown> {
  return {
    status: 'dry-run',
    planDigest: plan.digest,
    keyPair: plan.keyPair,
    ...viewPace(plan, request),
    warnings: warningsOf(plan),
    ...viewCounts(plan),
    results: plan.instances.map(viewInstance),
  };
}

function viewHead(rollout: Rollout): Record<string, unknown> {
  return {
    rolloutId: rollout.rolloutId,
    status: statusOf(rollout),
    createdAtMs: rollout.createdAtMs,
    keyPair: rollout.keyPair,
    note: rollout.request.note,
    ...(rollout.request.undoes === null ? {} : { undoes: rollout.request.undoes }),
  };
}

function viewCounts({ instances }: Pick<Plan, 'instances'>): Record<string, unknown> {
  const counts = countOutcomes(instances);
  return {
    totalCount: instances.length,
    attachedCount: counts.attached,
    failCount: counts.failed,
    skipCount: counts.skipped,
    unknownCount: counts.unknown,
    waitingCount: counts.waiting,
  };
}
