import * as v from 'valibot';
import { INSTANCE_STATES } from '../../domain/workflow/instance-state.ts';
import { SKIP_REASONS, type SkipReason } from '../../domain/model/skip-reason.ts';
import { count, InstanceId, ms, requestId, text } from './answer-parts.ts';

const how = v.picklist(['reboot', 'start']);
const attempt = count('How often it was asked for.');
const proof = v.pipe(
  v.picklist(['accepted', 'observed']),
  v.description('`accepted` by ECS, or `observed` down after it was asked for.'),
);
const code = text("ECS's own error code, or Latchkey's.");
const advice = text('What a person can do.');
const runningAtMs = v.nullable(
  ms('Seen Running again; null: not yet, and it counts as unavailable.'),
);

export const RestartAnswer = v.variant('kind', [
  v.strictObject({
    kind: v.literal('due'),
    how,
    reason: v.optional(text('Why it waits: an error code.')),
    untilMs: v.optional(ms('Not before then.')),
  }),
  v.strictObject({ kind: v.literal('claimed'), how, attempt, atMs: ms('About to be asked for.') }),
  v.strictObject({
    kind: v.literal('booting'),
    how,
    attempt,
    proof,
    atMs: ms('When the proof came in.'),
    requestId,
    runningAtMs,
  }),
  v.strictObject({
    kind: v.literal('ready'),
    how,
    attempt,
    proof,
    atMs: ms('Running, and stayed so.'),
    requestId,
  }),
  v.strictObject({
    kind: v.literal('failed'),
    how,
    attempt,
    code,
    message: v.string(),
    advice,
    requestId,
    runningAtMs,
  }),
  v.strictObject({
    kind: v.literal('dropped'),
    how,
    attempt,
    why: v.picklist(['aborted', 'skipped', 'busy']),
  }),
  v.strictObject({
    kind: v.literal('unknown'),
    how,
    attempt,
    code,
    advice,
    atMs: ms('When it was asked for.'),
    runningAtMs,
  }),
]);

const instance = {
  instanceId: InstanceId,
  name: v.optional(v.string()),
  zoneId: v.optional(v.string()),
  group: v.optional(text('Value of the tag that `groupBy` names.')),
  keyPairName: v.optional(
    v.pipe(v.nullable(v.string()), v.description('In an undo: what it goes back to; null: none.')),
  ),
  next: v.pipe(v.picklist(['none', 'reboot', 'start']), v.description('What is still to come.')),
  isScalingMember: v.optional(v.literal(true)),
  optOut: v.optional(v.picklist(['never', 'approve', 'window'])),
  withheld: v.optional(
    v.pipe(
      v.picklist(['opted-out', 'not-approved', 'scaling-member', 'too-old']),
      v.description('Why it is not restarted, though the request is for it.'),
    ),
  ),
  wave: v.optional(count('The wave that it is restarted in; 0: not in one yet.')),
  restart: v.optional(RestartAnswer),
  state: v.pipe(
    v.picklist(INSTANCE_STATES),
    v.description('How far it is, in the word that every client shows.'),
  ),
  why: v.optional(text('Why it is in this state.')),
  advice: v.optional(text('What a person can do about it.')),
};

const WAITS = ['throttled', 'pending', 'unavailable', 'wave', 'approval', 'due'] as const;

export const InstanceAnswer = v.variant('kind', [
  v.strictObject({
    ...instance,
    kind: v.literal('attached'),
    previousKeyPairName: v.nullable(v.string()),
    attachedAtMs: ms('Bound since.'),
    requestId,
  }),
  v.strictObject({
    ...instance,
    kind: v.literal('failed'),
    code,
    message: v.string(),
    requestId,
  }),
  v.strictObject({
    ...instance,
    kind: v.literal('skipped'),
    reason: v.picklist(Object.keys(SKIP_REASONS) as SkipReason[]),
    detail: v.optional(v.string()),
    effective: v.optional(
      v.pipe(
        v.picklist(['yes', 'no', 'unknown']),
        v.description('Whether the bound key logs in; `no`: not before the next boot.'),
      ),
    ),
  }),
  v.strictObject({ ...instance, kind: v.literal('unknown'), code }),
  v.strictObject({
    ...instance,
    kind: v.literal('waiting'),
    reason: v.picklist(WAITS),
    untilMs: ms('Goes on then; 0: nobody knows.'),
  }),
]);
