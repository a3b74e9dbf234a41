import type { RolloutInstance, Rollout } from '../../shared/domain/rollout.ts';
import { countOutcomes, outcomeKindOf, statusOf } from '../../shared/domain/outcome.ts';
import { type Plan, warningsOf } from '../../shared/domain/plan.ts';

/** The answer to a request, as design.md §6.1 has it. Times are milliseconds since the epoch. */
export function viewRollout(rollout: Rollout): Record<string, unknown> {
  return {
    rolloutId: rollout.rolloutId,
    status: statusOf(rollout),
    planDigest: rollout.planDigest,
    keyPair: rollout.keyPair,
    note: rollout.request.note,
    createdAtMs: rollout.createdAtMs,
    updatedAtMs: rollout.updatedAtMs,
    ...viewInstances(rollout),
    history: rollout.history.map(({ seq: _seq, ...entry }) => entry),
  };
}

/** What would happen: the same form, without a rollout. */
export function viewPlan(plan: Plan): Record<string, unknown> {
  return {
    status: 'dry-run',
    planDigest: plan.digest,
    keyPair: plan.keyPair,
    ...viewInstances(plan),
  };
}

function viewInstances(of: Pick<Plan, 'instances'>): Record<string, unknown> {
  const counts = countOutcomes(of.instances);
  return {
    warnings: warningsOf(of),
    totalCount: of.instances.length,
    attachedCount: counts.attached,
    failCount: counts.failed,
    skipCount: counts.skipped,
    unknownCount: counts.unknown,
    waitingCount: counts.waiting,
    results: of.instances.map(viewInstance),
  };
}

function viewInstance(instance: RolloutInstance): Record<string, unknown> {
  const { instanceId, name, zoneId, restart } = instance;
  return {
    instanceId,
    ...(name === '' ? {} : { name }),
    ...(zoneId === '' ? {} : { zoneId }),
    kind: outcomeKindOf(instance.attach),
    ...viewAttach(instance),
    next: nextOf(restart),
    ...viewRestart(restart),
  };
}

function viewAttach({ attach, previousKeyPairName }: RolloutInstance): Record<string, unknown> {
  switch (attach.kind) {
    case 'attached':
      return { previousKeyPairName, attachedAtMs: attach.atMs, requestId: attach.requestId };
    case 'failed':
      return { code: attach.code, message: attach.message, requestId: attach.requestId };
    case 'skipped':
      return {
        reason: attach.reason,
        ...(attach.detail === '' ? {} : { detail: attach.detail }),
        ...(attach.effective === null ? {} : { effective: attach.effective }),
      };
    case 'unknown':
      return { code: attach.code };
    case 'waiting':
      return { reason: attach.reason, untilMs: attach.untilMs };
    case 'due':
      return { reason: 'due', untilMs: attach.untilMs };
  }
}

/** What is still to come. */
function nextOf(restart: RolloutInstance['restart']): string {
  const isToCome = restart.kind === 'due' || restart.kind === 'claimed';
  return isToCome ? restart.how : 'none';
}

/** How far the restart is; nothing when none was asked for. */
function viewRestart(restart: RolloutInstance['restart']): Record<string, unknown> {
  switch (restart.kind) {
    case 'none':
      return {};
    case 'due': {
      const { kind, how, reason, notBeforeMs: untilMs } = restart;
      return { restart: reason === '' ? { kind, how } : { kind, how, reason, untilMs } };
    }
    case 'claimed': {
      const { kind, how, attempt, atMs } = restart;
      return { restart: { kind, how, attempt, atMs } };
    }
    case 'booting': {
      const { kind, how, attempt, proof, sinceMs: atMs, requestId, runningAtMs } = restart;
      return { restart: { kind, how, attempt, proof, atMs, requestId, runningAtMs } };
    }
    case 'ready': {
      const { kind, how, attempt, proof, atMs, requestId } = restart;
      return { restart: { kind, how, attempt, proof, atMs, requestId } };
    }
    case 'failed': {
      const { kind, how, attempt, code, message, requestId } = restart;
      return { restart: { kind, how, attempt, code, message, requestId } };
    }
    case 'unknown': {
      const { kind, how, attempt, code, atMs } = restart;
      return { restart: { kind, how, attempt, code, atMs } };
    }
  }
}
