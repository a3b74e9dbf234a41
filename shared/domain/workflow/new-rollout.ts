import { firstNotices } from './notices.ts';
import { isAttachOver } from '../model/outcome.ts';
import type { ApprovalNeed } from '../policy/permission.ts';
import type { PlanMoment } from '../plan/plan.ts';
import type { Plan } from '../model/plan.ts';
import type { Origin, RolloutRequest } from '../model/request.ts';
import {
  AT_CREATION,
  type Approval,
  type HistoryEntry,
  type NoticeKind,
  type Rollout,
  type RolloutInstance,
} from '../model/rollout.ts';
import type { Channel } from '../policy/rules.ts';

/** A rollout as it is first saved: planned, with nothing done. */
export function newRollout(
  made: {
    readonly rolloutId: string;
    readonly request: RolloutRequest;
    readonly origin: Origin;
    readonly plan: Plan;
    readonly approval: (ApprovalNeed & Pick<Approval, 'facts'>) | null;
    readonly channels: readonly Channel[];
  },
  { nowMs, ownerUntilMs }: PlanMoment,
): Rollout {
  const { rolloutId, request, origin, plan, approval, channels } = made;
  const untilMs = approval === null ? null : nowMs + approval.withinSeconds * 1_000;
  return {
    ...AT_CREATION,
    rolloutId,
    origin,
    request: { ...request, approveWithinSeconds: approval?.withinSeconds ?? null },
    keyPair: plan.keyPair,
    planDigest: plan.digest,
    createdAtMs: nowMs,
    openedAtMs: nowMs,
    updatedAtMs: nowMs,
    ownerUntilMs,
    approval: approval === null || untilMs === null ? null : waitingFor(approval, untilMs),
    waitingFor: approval === null ? '' : 'approval',
    waitingUntilMs: untilMs,
    outbox: [...plan.instances.entries()]
      .filter(([, instance]) => isAttachOver(instance))
      .map(([index]) => index),
    notices: firstNotices(kindsOf(request, approval), channels, nowMs),
    instances:
      untilMs === null
        ? plan.instances
        : plan.instances.map((instance) => waitForApproval(instance, untilMs)),
    history: historyOf(request, origin, plan, nowMs),
  };
}

function waitingFor(
  { why, needed, isHighRisk, facts }: ApprovalNeed & Pick<Approval, 'facts'>,
  untilMs: number,
): Approval {
  return { state: 'waiting', untilMs, by: '', why, needed, given: [], isHighRisk, facts };
}

/** The notices that go out at once. */
function kindsOf({ breakGlass }: RolloutRequest, approval: ApprovalNeed | null): NoticeKind[] {
  const kinds: NoticeKind[] = [];
  if (breakGlass !== null) kinds.push('break-glass');
  if (approval !== null) kinds.push('approval-needed');
  return kinds;
}

function historyOf(
  { breakGlass }: RolloutRequest,
  { door, client }: Origin,
  { instances }: Plan,
  atMs: number,
): HistoryEntry[] {
  const about = { atMs, count: instances.length, requestId: '', by: client };
  const created = { ...about, seq: 0, what: 'created', detail: `${door} ${client}` };
  if (breakGlass === null) return [created];
  return [created, { ...about, seq: 1, what: 'break-glass', detail: breakGlass }];
}

function waitForApproval(instance: RolloutInstance, untilMs: number): RolloutInstance {
  const { attach } = instance;
  const isNext = attach.kind === 'due' || (attach.kind === 'waiting' && attach.reason === 'wave');
  // An instance that is still being created waits for that, and is skipped with the others on a denial.
  return isNext
    ? { ...instance, attach: { kind: 'waiting', reason: 'approval', untilMs } }
    : instance;
}
