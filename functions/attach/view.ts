import { countOutcomes, statusOf } from '../../shared/domain/model/outcome.ts';
import type { Answer } from '../../shared/domain/rollouts/ask-ports.ts';
import { nextCallsOf } from '../../shared/domain/workflow/next-calls.ts';
import { optedOutOf } from '../../shared/domain/policy/opt-out.ts';
import type { Plan } from '../../shared/domain/model/plan.ts';
import type { Origin, RolloutRequest } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { warningsOf } from '../../shared/domain/plan/warnings.ts';
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
    warnings: warningsOf(rollout, rollout.request),
    optedOut: optedOutOf(rollout.instances),
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
export function viewPlan({
  plan,
  request,
  approval,
}: Answer & { kind: 'dry-run' }): Record<string, unknown> {
  return {
    status: 'dry-run',
    planDigest: plan.digest,
    keyPair: plan.keyPair,
    ...viewSelector(request),
    approval,
    ...viewPace(plan, request),
    warnings: warningsOf(plan, request),
    optedOut: optedOutOf(plan.instances),
    ...viewCounts(plan),
    results: plan.instances.map(viewInstance),
  };
}

function viewHead(rollout: Rollout): Record<string, unknown> {
  const { request, origin } = rollout;
  return {
    rolloutId: rollout.rolloutId,
    status: statusOf(rollout),
    createdAtMs: rollout.createdAtMs,
    keyPair: rollout.keyPair,
    note: request.note,
    ...viewSelector(request),
    ...viewBreakGlass(request, origin),
    ...(request.undoes === null ? {} : { undoes: request.undoes }),
  };
}

/** What the instances were found by, if not by their ids. */
function viewSelector({ selector }: RolloutRequest): Record<string, unknown> {
  if (selector === null) return {};
  const { tags, ...others } = selector;
  const given = Object.entries(others).filter(([, value]) => value !== null);
  const byTags = Object.keys(tags).length === 0 ? {} : { tags };
  return { selector: { ...byTags, ...Object.fromEntries(given) } };
}

/** Said wherever the rollout is shown, for good. */
function viewBreakGlass(
  { breakGlass }: RolloutRequest,
  { client }: Origin,
): Record<string, unknown> {
  return breakGlass === null ? {} : { breakGlass: { reason: breakGlass, by: client } };
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
