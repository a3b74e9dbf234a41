import type { Approver } from '../model/command.ts';
import type { ChatPlace } from '../model/chat.ts';
import type { Draft } from './draft.ts';
import { dropTheRest } from './drop-the-rest.ts';
import { askerOf } from '../policy/people.ts';
import { firstAttach } from '../plan/plan.ts';
import type { Approval, Rollout } from '../model/rollout.ts';

/**
 * Why an approval of theirs counts for nothing, as far as the rollout alone says it: undefined when it
 * counts. What the policy adds: `decide.ts`.
 */
export function whyNotBy(
  { person, place }: Approver,
  { rolloutId, origin, approval }: Pick<Rollout, 'rolloutId' | 'origin' | 'approval'>,
): string | undefined {
  if (person === askerOf(origin)) return askedForIt(person);
  if (place === null || approval?.isHighRisk !== true) return undefined;
  return `it is high risk, for which no chat is enough: ${approveElsewhere(rolloutId)}`;
}

/** An approval is a second pair of eyes. */
export function askedForIt(person: string): string {
  return `"${person}" asked for it, and nobody approves their own`;
}

/** How to approve where a chat is not enough. */
export function approveElsewhere(rolloutId: string): string {
  return `a client with the permission approves it, with npx latchkey approve ${rolloutId}`;
}

/** Whether this one has approved it, or, when it is not said who, anybody. */
export function isApprovedBy({ state, given }: Approval, approver: Approver | undefined): boolean {
  return state === 'approved' && (approver === undefined || given.includes(approver.person));
}

/** How it was decided, and by whom: the first decision counts, and is told to whoever comes later. */
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
      return 'its plan was another one when it was approved, so that it was taken back';
  }
}

/** Of `by`, which ends with the id of the request or the order. */
function nameIn(by: string): string {
  const end = by.lastIndexOf(' ');
  return end < 0 ? by : by.slice(0, end);
}

/** Counts each person once; with the last one that is needed the rollout may begin. */
export function giveApproval(
  draft: Draft,
  { approver }: { readonly approver: Approver },
  by: string,
): void {
  const { rollout, moment } = draft;
  const { approval, planDigest } = rollout;
  if (approval?.state !== 'waiting') return;
  // The timer may not have come by yet.
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
 * Nobody approved in time, which is as good as a no, or somebody said no, or what was approved is another
 * plan by now.
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
    // Nothing was taken, so nothing has to be taken for it to end.
    held: true,
  });
  dropTheRest(draft, state === 'changed' ? 'plan-changed' : 'denied');
  draft.note(state === 'changed' ? PLAN_CHANGED : state, draft.instances.length, detail, '', by);
}

/** What the history says of an approval that came to nothing for it. */
export const PLAN_CHANGED = 'plan changed';
