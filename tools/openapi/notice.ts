import * as v from 'valibot';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { NoticeKind } from '../../shared/domain/model/rollout.ts';
import { KeyPair, PlanDigest, RolloutId } from '../../shared/contract/answers/answer-parts.ts';
import { ApprovalAnswer } from '../../shared/contract/answers/rollout-schema.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What a channel is told of a rollout, whatever the notice is about. */
export const NoticeData = v.strictObject({
  rolloutId: RolloutId,
  status: v.string(),
  regionId: v.string(),
  keyPair: KeyPair,
  planDigest: PlanDigest,
  createdAtMs: count,
  requestedBy: v.strictObject({
    door: v.picklist(['webhook', 'chat', 'launch']),
    client: v.string(),
  }),
  note: v.string(),
  undoes: v.optional(RolloutId),
  breakGlass: v.optional(v.strictObject({ reason: v.string() })),
  approval: v.optional(v.omit(ApprovalAnswer, ['facts'])),
  control: v.optional(v.picklist(['paused', 'halted', 'aborted'])),
  cause: v.optional(v.string()),
  by: v.optional(v.string()),
  counts: v.strictObject(
    v.entriesFromList(['total', 'attached', 'failed', 'skipped', 'unknown', 'waiting'], count),
  ),
  restarts: v.strictObject(
    v.entriesFromList(
      ['due', 'claimed', 'booting', 'ready', 'failed', 'dropped', 'unknown'],
      v.optional(count),
    ),
  ),
  nextCalls: v.pipe(v.array(v.string()), v.description('Method and path of what can be done.')),
});

/** When each kind is told. `Record`, so that none is forgotten. */
export const NOTICES: Readonly<Record<NoticeKind, string>> = {
  'approval-needed': 'A rollout waits for an approval',
  'break-glass': 'A rollout passes window, freezes and approval by',
  halted: 'A rollout halted',
  ended: 'A rollout ended',
};

export function typeOf(kind: NoticeKind): string {
  return `rollout.${kind.replaceAll('-', '_')}`;
}

/** Standard Webhooks: what is told, when it came to be, and of what. */
export function noticeBody(kind: NoticeKind) {
  return v.strictObject({
    type: v.literal(typeOf(kind)),
    timestamp: v.pipe(v.string(), v.isoTimestamp()),
    data: NoticeData,
  });
}

/** The body that is sent for a message. */
export function exampleOf({ kind, atMs, data }: NoticeMessage): object {
  return { type: typeOf(kind), timestamp: new Date(atMs).toISOString(), data };
}
