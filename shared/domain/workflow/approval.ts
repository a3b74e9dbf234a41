import type { Approver } from '../model/command.ts';
import type { ChatPlace } from '../model/chat.ts';
import type { Draft } from './draft.ts';
import { dropTheRest } from './drop-the-rest.ts';
import { askerOf } from '../policy/people.ts';
import { firstAttach } from '../plan/plan.ts';
import type { Approval, Rollout } from '../model/rollout.ts';

/**
 * Why this approver may not approve, as far as the rollout alone tells; undefined when they may. `tellOnce`
 * adds the rules of the policy.
 */
export function whyNotBy(
  { person, place }: Approver,
  { rolloutId, origin, approval }: Pick<Rollout, 'rolloutId' | 'origin' | 'approval'>,
): string | undefined {
  if (person === askerOf(origin)) return askedForIt(person);
  if (place === null || approval?.isHighRisk !== true) return undefined;
  return `high-risk rollouts cannot be approved in a chat, use ${approveElsewhere(rolloutId)}`;
}

/** An approval is for a second pair of eyes. */
export function askedForIt(person: string): string {
  return `"${person}" requested it, and nobody may approve their own request`;
}

/** How to approve where a chat is not enough. */
export function approveElsewhere(rolloutId: string): string {
  return `npx latchkey approve ${rolloutId}, with the secret of a client that may approve`;
}

/** Whether this approver has approved it; without an approver: whether it is approved. */
export function isApprovedBy({ state, given }: Approval, approver: Approver | undefined): boolean {
  return state === 'approved' && (approver === undefined || given.includes(approver.person));
}

/** The decision, and by whom. The first decision counts, and later approvers are told it. */
export function decisionOf({ state, by, given }: Approval): string {
  switch (state) {
    case 'waiting':
      return 'nobody has decided yet';
    case 'approved':
      return `it was approved by ${given.length === 0 ? nameIn(by) : given.join(', ')}`;
    case 'denied':
      return by === '' ? 'it was denied' : `it was denied by ${nameIn(by)}`;
    case 'expired':
      return 'nobody approved it in time';
    case 'changed':
      return 'its plan had changed when it was approved, so the approval ended';
  }
}

/** The name in `by`, which ends with the id of the request or the order. */
function nameIn(by: string): string {
  const end = by.lastIndexOf(' ');
  return end < 0 ? by : by.slice(0, end);
}

/** Counts each person once. With the last needed approval the rollout begins. */
export function giveApproval(
  draft: Draft,
  { approver }: { readonly approver: Approver },
  by: string,
): void {
  const { rollout, moment } = draft;
  const { approval, planDigest } = rollout;
  if (approval?.state !== 'waiting') return;
  // The timer may not have run since.
  if (approval.untilMs <= moment.nowMs) {
    refuseApproval(draft, 'expired', '');
    return;
  }
  if (whyNotBy(approver, rollout) !== undefined || approval.given.includes(approver.person)) return;
  const given = [...approval.given, approver.person];
  const count = `${given.length} of ${approval.needed}`;
  const detail = [planDigest, count, whereOf(approver.place)].join(', ');
  if (given.length < approval.needed) {
    draft.set({ approval: { ...approval, given } });
    draft.note('approval given', 0, detail, '', by);
    return;
  }
  draft.set({
    approval: { ...approval, given, state: 'approved', by },
    waitingFor: '',
    waitingUntilMs: null,
  });
  for (const [index, { attach, restart }] of draft.instances.entries()) {
    if (attach.kind !== 'waiting' || attach.reason !== 'approval') continue;
    const next = firstAttach(rollout.request, restart, moment.ownerUntilMs);
    draft.setInstance(index, { attach: next });
  }
  draft.note('approved', 0, detail, '', by);
}

function whereOf(place: ChatPlace | null): string {
  return place === null ? 'by webhook' : `in ${place.platform} ${place.tenant} ${place.channel}`;
}

/**
 * Ends a waiting approval: nobody approved in time, somebody denied it, or the plan had changed. Nothing is
 * attached then.
 */
export function refuseApproval(
  draft: Draft,
  state: 'denied' | 'expired' | 'changed',
  by: string,
  detail = '',
): void {
  const { approval } = draft.rollout;
  if (approval?.state !== 'waiting') return;
  draft.set({
    approval: { ...approval, state, by },
    waitingFor: '',
    waitingUntilMs: null,
    // No instance is held while it waits, so none has to be held for it to end.
    held: true,
  });
  dropTheRest(draft, state === 'changed' ? 'plan-changed' : 'denied');
  draft.note(state === 'changed' ? PLAN_CHANGED : state, draft.instances.length, detail, '', by);
}

/** The history entry for an approval that ended because the plan had changed. */
export const PLAN_CHANGED = 'plan changed';
