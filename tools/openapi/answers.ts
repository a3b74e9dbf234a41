import * as v from 'valibot';
import { eachCondition } from '../../shared/domain/model/selector.ts';

/**
 * What the webhook answers. The service does not check its own answers by these: the test does, and
 * so does the fuzz run. Nothing else may be in an answer; whoever reads one should bear more.
 */

const About = {
  ms: (text: string) =>
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(0),
      v.description(`${text} Milliseconds since the epoch.`),
    ),
  count: (text: string) => v.pipe(v.number(), v.integer(), v.minValue(0), v.description(text)),
  text: (text: string) => v.pipe(v.string(), v.description(text)),
};
const { ms, count, text } = About;

export const RolloutId = v.pipe(
  v.string(),
  v.regex(/^ro-[a-z2-7]{26}$/),
  v.description('Follows from client and `webhook-id`.'),
);
export const InstanceId = v.pipe(v.string(), v.regex(/^i-[A-Za-z0-9]{1,60}$/));
export const PlanDigest = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/),
  v.description('Changes when what would be done changes.'),
);

export const KeyPair = v.strictObject({
  name: v.string(),
  fingerprint: text('As ECS has it: a recreated name is another key pair.'),
});

export const SelectorAnswer = v.strictObject({
  tags: v.optional(v.record(v.string(), v.string())),
  ...eachCondition(() => v.optional(v.string())),
});

const how = v.picklist(['reboot', 'start']);
const attempt = count('How often it was asked for.');
const proof = v.pipe(
  v.picklist(['accepted', 'observed']),
  v.description('`accepted` by ECS, or `observed` down after it was asked for.'),
);
const requestId = text("Alibaba's own, empty when there was no call.");
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
};

const WAITS = ['throttled', 'pending', 'unavailable', 'wave', 'approval', 'due'] as const;

/** Why nothing is attached, as docs/http.md explains them. */
const SKIPS = [
  'windows',
  'not-io-optimized',
  'locked',
  'already-attached',
  'busy',
  'not-found',
  'released',
  'wrong-state',
  'denied',
  'plan-changed',
  'aborted',
  'changed',
  'not-undoable',
  'opted-out',
  'other-key-pair',
] as const;

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
    reason: v.picklist(SKIPS),
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

export const OptedOut = v.strictObject({
  instanceId: InstanceId,
  tag: v.picklist(['restart', 'attach']),
  value: v.string(),
  effect: v.picklist(['not-attached', 'not-restarted', 'needs-approval', 'only-in-window', 'none']),
});

const counts = {
  totalCount: count('The five below sum to it.'),
  attachedCount: count('Bound.'),
  failCount: count('Refused by ECS.'),
  skipCount: count('Left alone, for a reason.'),
  unknownCount: count('Asked, no answer: never reported as failed.'),
  waitingCount: count('Still to be attached.'),
};

const wave = v.strictObject({
  current: count('The wave started last; 0 before the first.'),
  of: count('How many there will be if all goes well.'),
});
const budget = v.strictObject({
  limit: count('Most that may be unavailable at once.'),
  unavailable: count('Are so now.'),
  failures: count('Since the last resume.'),
  haltAfter: count('So many halt it.'),
});
const warnings = v.array(v.string());
const optedOut = v.array(OptedOut);
const results = v.array(InstanceAnswer);

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
  wave,
  budget,
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
  warnings,
  optedOut,
  ...counts,
  results,
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

export const PlanAnswer = v.strictObject({
  status: v.literal('dry-run'),
  planDigest: PlanDigest,
  keyPair: KeyPair,
  selector: v.optional(SelectorAnswer),
  approval: v.nullable(
    v.strictObject({
      why: text('Why one would be needed.'),
      withinSeconds: count('It would be denied after so long.'),
      needed: count('How many people would have to approve.'),
      isHighRisk: v.pipe(v.boolean(), v.description('No chat would be enough for it.')),
    }),
  ),
  wave,
  budget,
  waves: v.pipe(v.array(v.array(InstanceId)), v.description('Who is restarted together.')),
  expectedSeconds: count('An estimate, from the beginning to the end.'),
  expectedSecondsIs: v.literal('estimate'),
  warnings,
  optedOut,
  ...counts,
  results,
});

export const ListAnswer = v.strictObject({
  rollouts: v.array(v.strictObject({ ...head, ...counts })),
  next: v.pipe(
    v.nullable(v.string()),
    v.description('`after` of the next page; null: this is the last.'),
  ),
});

export const StopAnswer = v.strictObject({
  stop: v.nullable(v.strictObject({ by: v.string(), atMs: ms('Since then.'), reason: v.string() })),
  openRollouts: count('Not done, held or not.'),
});

export const HealthAnswer = v.strictObject({ status: v.literal('ok') });

/** GET /openapi.json itself. */
export const DocumentAnswer = v.looseObject({ openapi: v.string() });
