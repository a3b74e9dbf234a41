import * as v from 'valibot';
import {
  count,
  counts,
  InstanceId,
  KeyPair,
  ms,
  OptedOut,
  pace,
  PlanDigest,
  requestId,
  RolloutId,
  SelectorAnswer,
  text,
} from './answer-parts.ts';
import { InstanceAnswer } from './instance-schema.ts';

export const ApprovalAnswer = v.strictObject({
  state: v.pipe(
    v.picklist(['waiting', 'approved', 'denied', 'expired', 'changed']),
    v.description('`changed`: the plan was another one when it was approved.'),
  ),
  untilMs: ms('Denied if nobody decides before.'),
  by: text('Who decided; empty as long as nobody has.'),
  why: text('Why one is needed.'),
  needed: count('How many people have to approve.'),
  given: v.pipe(v.array(v.string()), v.description('Who has: people, and clients of nobody.')),
  isHighRisk: v.pipe(v.boolean(), v.description('No chat is enough for it.')),
  facts: v.strictObject({
    stopped: count('Stopped when the plan was made.'),
    replaces: v.pipe(
      v.array(v.strictObject({ name: v.string(), fingerprint: v.string() })),
      v.description('Key pairs that are replaced, at most 10; no fingerprint: it exists no more.'),
    ),
  }),
});

const control = v.variant('kind', [
  v.strictObject({ kind: v.literal('going') }),
  v.strictObject({
    kind: v.picklist(['paused', 'halted', 'aborted']),
    cause: v.string(),
    by: text('Client and `webhook-id`; empty for Latchkey itself.'),
    atMs: ms('Since then.'),
  }),
]);

const head = {
  rolloutId: RolloutId,
  status: v.picklist([
    'waiting',
    'attaching',
    'restarting',
    'paused',
    'halted',
    'stopped',
    'aborting',
    'finishing',
    'done',
  ]),
  createdAtMs: ms('When it was accepted.'),
  keyPair: KeyPair,
  note: v.string(),
  selector: v.optional(SelectorAnswer),
  breakGlass: v.optional(v.strictObject({ reason: v.string(), by: v.string() })),
  undoes: v.optional(RolloutId),
};

export const RolloutAnswer = v.strictObject({
  ...head,
  planDigest: PlanDigest,
  updatedAtMs: ms('When it was saved last.'),
  control,
  approval: v.nullable(ApprovalAnswer),
  ...pace,
  restarting: v.array(InstanceId),
  waitingFor: v.pipe(
    v.picklist([
      '',
      'approval',
      'paused',
      'halted',
      'stopped',
      'window',
      'freeze',
      'bake',
      'gate',
      'budget',
      'group',
      'unavailable',
    ]),
    v.description('Why no wave starts now; empty when one is under way or none is left.'),
  ),
  waitingUntilMs: v.nullable(ms('Looked at again then; null: somebody has to do something.')),
  boundOnly: v.pipe(
    v.array(InstanceId),
    v.description('Bound and not restarted, after a halt or an abort.'),
  ),
  expectedEndMs: v.nullable(ms('An estimate; null: over, or it depends on a person.')),
  expectedEndIs: v.literal('estimate'),
  healthGate: v.string(),
  nextCalls: v.array(
    v.strictObject({
      to: text('What it is good for.'),
      method: v.literal('POST'),
      path: v.string(),
      body: v.record(v.string(), v.unknown()),
    }),
  ),
  warnings: v.array(v.string()),
  optedOut: v.array(OptedOut),
  ...counts,
  results: v.array(InstanceAnswer),
  history: v.pipe(
    v.array(
      v.strictObject({
        atMs: ms('When.'),
        what: v.string(),
        count: count('How many instances it is about.'),
        detail: v.string(),
        requestId,
        by: v.string(),
      }),
    ),
    v.description('Oldest first, the newest 200.'),
  ),
});

export const ListAnswer = v.strictObject({
  rollouts: v.array(v.strictObject({ ...head, ...counts })),
  next: v.pipe(
    v.nullable(v.string()),
    v.description('`after` of the next page; null: this is the last.'),
  ),
});
