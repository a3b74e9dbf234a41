import fc from 'fast-check';
import type { InstanceMemory } from '../../../../shared/domain/model/instance.ts';
import type {
  AttachState,
  HistoryEntry,
  RestartState,
  Rollout,
  RolloutInstance,
} from '../../../../shared/domain/model/rollout.ts';
import { eachCondition } from '../../../../shared/domain/model/selector.ts';

/** Every state that a rollout can hold, with texts of any kind. */

const ms = fc.integer({ min: 1_790_000_000_000, max: 1_999_999_999_999 });
/** Mostly plain text, with every kind of character that JSON or UTF-8 makes longer. */
const textOf = (maxLength: number) =>
  fc.oneof(
    fc.string({ maxLength }),
    fc
      .array(fc.constantFrom('a', '"', '\\', '\n', 'é', '汉', '🔑'), { maxLength })
      .map((characters) => characters.join('')),
  );
const text = textOf(300);
const code = fc.stringMatching(/^[A-Z][A-Za-z.]{2,40}$/);
const requestId = fc.uuid().map((id) => id.toUpperCase());
const how = fc.constantFrom('reboot' as const, 'start' as const);
const proof = fc.constantFrom('accepted' as const, 'observed' as const);
const attempt = fc.integer({ min: 0, max: 9 });
const kind = <K extends string>(name: K) => fc.constant(name);
const keyPairName = fc.stringMatching(/^[a-z][a-z0-9-]{1,20}$/);
const instanceId = fc.stringMatching(/^i-bp1[a-z0-9]{17}$/);

const conversation = {
  platform: fc.constantFrom('slack', 'dingtalk', 'feishu'),
  tenant: text,
};

const attach: fc.Arbitrary<AttachState> = fc.oneof(
  fc.record({ kind: kind('due'), untilMs: ms }),
  fc.record({
    kind: kind('waiting'),
    reason: fc.constantFrom('throttled', 'pending', 'unavailable', 'wave', 'approval'),
    untilMs: ms,
  }),
  fc.record({ kind: kind('unknown'), code, untilMs: ms }),
  fc.record({ kind: kind('attached'), atMs: ms, requestId }),
  fc.record({ kind: kind('failed'), code, message: text, requestId }),
  fc.record({
    kind: kind('skipped'),
    reason: fc.constantFrom(
      'windows',
      'not-io-optimized',
      'locked',
      'already-attached',
      'busy',
      'not-found',
      'released',
      'wrong-state',
      'plan-changed',
      'opted-out',
      'other-key-pair',
    ),
    detail: fc.stringMatching(/^[a-z0-9-]{0,29}$/),
    effective: fc.constantFrom('yes', 'no', 'unknown', null),
  }),
);

const restart: fc.Arbitrary<RestartState> = fc.oneof(
  fc.record({ kind: kind('none') }),
  fc.record({
    kind: kind('due'),
    how,
    attempt,
    notBeforeMs: ms,
    isDown: fc.boolean(),
    reason: code,
  }),
  fc.record({ kind: kind('claimed'), how, attempt, atMs: ms, untilMs: ms }),
  fc.record({
    kind: kind('booting'),
    how,
    attempt,
    proof,
    sinceMs: ms,
    runningAtMs: fc.option(ms),
    lookedAtMs: ms,
    readAtMs: ms,
    requestId,
  }),
  fc.record({ kind: kind('ready'), how, attempt, proof, atMs: ms, requestId }),
  fc.record({
    kind: kind('failed'),
    how,
    attempt,
    code,
    message: text,
    requestId,
    runningAtMs: fc.option(ms),
  }),
  fc.record({
    kind: kind('dropped'),
    how,
    attempt,
    why: fc.constantFrom('aborted', 'skipped'),
    isDown: fc.boolean(),
  }),
  fc.record({ kind: kind('unknown'), how, attempt, atMs: ms, code, runningAtMs: fc.option(ms) }),
);

export const instance: fc.Arbitrary<RolloutInstance> = fc.record({
  instanceId,
  name: textOf(128),
  zoneId: fc.constantFrom('cn-hangzhou-h', 'cn-zhangjiakou-a'),
  previousKeyPairName: fc.option(keyPairName),
  group: fc.constantFrom('', 'web'),
  target: fc.option(
    fc.record({ keyPair: fc.option(fc.record({ name: keyPairName, fingerprint: text })) }),
  ),
  wave: fc.nat(20),
  missingSinceMs: fc.option(ms),
  isScalingMember: fc.boolean(),
  optOut: fc.constantFrom('', 'never', 'approve', 'window'),
  withheld: fc.constantFrom('', 'opted-out', 'not-approved', 'scaling-member', 'too-old'),
  attach,
  restart,
});

const historyEntry = fc.record({
  atMs: ms,
  what: fc.constantFrom('created', 'attached', 'ready'),
  count: fc.nat(1_000),
  detail: text,
  requestId: fc.oneof(requestId, fc.constant('')),
  by: fc.constantFrom('', 'lin'),
});

export function history(maxLength: number): fc.Arbitrary<HistoryEntry[]> {
  return fc
    .tuple(fc.array(historyEntry, { maxLength }), fc.nat(1_000))
    .map(([entries, first]) => entries.map((entry, i) => ({ seq: first + i, ...entry })));
}

export const rollout: fc.Arbitrary<Rollout> = fc
  .record({
    rolloutId: fc.stringMatching(/^ro-[a-z2-7]{26}$/),
    version: fc.integer({ min: 1, max: 10_000 }),
    origin: fc.record({
      door: fc.constantFrom('webhook', 'chat', 'launch'),
      client: text,
      idempotencyKey: text,
      bodyDigest: text,
    }),
    asker: fc.oneof(
      fc.constant({}),
      fc.record({ person: text }),
      fc.record({
        chat: fc.record({
          account: fc.record({ ...conversation, user: text }),
          place: fc.record({ ...conversation, channel: text }),
        }),
      }),
    ),
    request: fc.record({
      regionId: fc.constant('cn-hangzhou'),
      keyPairName,
      instanceIds: fc.array(instanceId, { maxLength: 3 }),
      selector: fc.option(
        fc.record({
          tags: fc.dictionary(keyPairName, text, { maxKeys: 2 }),
          ...eachCondition(() => fc.option(text)),
        }),
      ),
      restart: fc.constantFrom('auto', 'never'),
      startStopped: fc.boolean(),
      restartAlreadyAttached: fc.boolean(),
      attach: fc.constantFrom('now', 'wave'),
      maxUnavailable: fc.constantFrom('10%', '3'),
      ramp: fc.constantFrom('doubling', 'canary', 'none'),
      groupBy: fc.option(text),
      haltAfterFailures: fc.nat(5),
      bakeSeconds: fc.nat(600),
      readyTimeoutSeconds: fc.nat(3_600),
      approveWithinSeconds: fc.option(fc.nat(3_600)),
      expectedPlanDigest: fc.option(text),
      undoes: fc.option(text),
      breakGlass: fc.option(text),
      launch: fc.option(
        fc.record({
          replace: fc.boolean(),
          restartScalingMembers: fc.boolean(),
          restartYoungerThanSeconds: fc.nat(86_400),
        }),
      ),
      dryRun: fc.constant(false),
      note: text,
    }),
    keyPair: fc.record({ name: keyPairName, fingerprint: text }),
    planDigest: text,
    createdAtMs: ms,
    openedAtMs: ms,
    updatedAtMs: ms,
    phase: fc.constantFrom('open', 'closing', 'done'),
    held: fc.boolean(),
    ownerUntilMs: ms,
    control: fc.oneof(
      fc.record({ kind: kind('going') }),
      fc.record({
        kind: fc.constantFrom('paused', 'halted', 'aborted'),
        cause: text,
        by: text,
        atMs: ms,
      }),
    ),
    approval: fc.option(
      fc.record({
        state: fc.constantFrom('waiting', 'approved', 'denied', 'expired', 'changed'),
        untilMs: ms,
        by: text,
        why: text,
        needed: fc.integer({ min: 1, max: 10 }),
        given: fc.array(text, { maxLength: 3 }),
        isHighRisk: fc.boolean(),
        facts: fc.record({
          stopped: fc.nat(1_000),
          replaces: fc.array(fc.record({ name: keyPairName, fingerprint: text }), { maxLength: 2 }),
        }),
      }),
    ),
    forgiven: fc.nat(9),
    wave: fc.nat(20),
    waitingFor: fc.constantFrom('', 'bake', 'halted', 'window'),
    waitingUntilMs: fc.option(ms),
    wakeAtMs: fc.option(ms),
    outbox: fc.array(fc.nat(999), { maxLength: 5 }),
    notices: fc.array(
      fc.record({ kind: fc.constantFrom('halted', 'ended', 'approval-needed'), atMs: ms }),
      { maxLength: 2 },
    ),
    instances: fc.array(instance, { maxLength: 5 }),
    history: history(20),
    sameIds: fc.boolean(),
  })
  .map(({ sameIds, asker, ...rest }): Rollout => {
    const made = { ...rest, origin: { ...rest.origin, ...asker } };
    if (!sameIds) return made;
    const instanceIds = made.instances.map(({ instanceId: id }) => id);
    return { ...made, request: { ...made.request, instanceIds } };
  });

export const memory: fc.Arbitrary<InstanceMemory> = fc.record({
  instanceId,
  holder: fc.constant(null),
  bound: fc.option(fc.record({ name: keyPairName, fingerprint: text, atMs: ms })),
  readyAtMs: fc.option(ms),
  doubtAtMs: fc.option(ms),
  previousKeyPairName: fc.option(keyPairName),
  notRunningAtMs: fc.option(ms),
  launch: fc.constant(null),
});
