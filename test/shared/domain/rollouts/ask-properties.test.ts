import fc from 'fast-check';
import { test } from 'vitest';
import { plannedWaves } from '../../../../shared/domain/workflow/planned-waves.ts';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { InstanceMemory, Snapshot } from '../../../../shared/domain/model/instance.ts';
import { optedOutOf } from '../../../../shared/domain/policy/opt-out.ts';
import { makePlan } from '../../../../shared/domain/plan/plan.ts';
import type { Plan } from '../../../../shared/domain/model/plan.ts';
import type { ClientRule } from '../../../../shared/domain/model/policy.ts';
import type { LaunchTerms, RolloutRequest } from '../../../../shared/domain/model/request.ts';
import type { RolloutInstance } from '../../../../shared/domain/model/rollout.ts';
import { warningsOf } from '../../../../shared/domain/plan/warnings.ts';
import { chooseWave } from '../../../../shared/domain/workflow/waves.ts';
import {
  aClient,
  anApprovalRule,
  aPolicy,
  aRequest,
  aSnapshot,
  NOW_MS,
  sha256,
} from '../../../models/builders.ts';
import { aWorld, rolloutIn } from '../../../models/world.ts';

const KEY_PAIR = { name: 'ops', fingerprint: 'fp-ops' };
const IDS = ['i-0', 'i-1', 'i-2', 'i-3', 'i-4'];
const TAGS = aPolicy().optOut;

/** `undefined`: not there. */
const tagged = (tags: Readonly<Record<string, string | undefined>>): Snapshot['tags'] =>
  Object.fromEntries(
    Object.entries(tags).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );

const snapshot: fc.Arbitrary<Partial<Snapshot>> = fc
  .record({
    status: fc.constantFrom('Running', 'Running', 'Stopped', 'Pending', 'Starting', 'Stopping'),
    osType: fc.constantFrom('linux', 'linux', 'linux', 'windows'),
    ioOptimized: fc.constantFrom(true, true, true, false),
    keyPairName: fc.constantFrom(null, 'ops', 'old'),
    zoneId: fc.constantFrom('a', 'b', 'c'),
    locks: fc.constantFrom([], [], ['security']),
    createdAtMs: fc.constantFrom(null, NOW_MS - 60_000, NOW_MS - 7_200_000),
    team: fc.constantFrom(undefined, 'web', 'db'),
    scaling: fc.constantFrom(undefined, undefined, 'asg-1'),
    attach: fc.constantFrom(undefined, undefined, undefined, 'never', ''),
    restart: fc.constantFrom(undefined, 'never', 'approve', 'window', 'constructor', ''),
  })
  .map(({ team, scaling, attach, restart, ...rest }) => ({
    ...(rest as Partial<Snapshot>),
    tags: tagged({
      team,
      'acs:autoscaling:scalingGroupId': scaling,
      [TAGS.attach]: attach,
      [TAGS.restart]: restart,
    }),
  }));

const fleet = fc
  .array(snapshot, { minLength: 1, maxLength: IDS.length })
  .map((all) => all.map((one, n) => aSnapshot({ ...one, instanceId: IDS[n]! })));

const launch: fc.Arbitrary<LaunchTerms | null> = fc.option(
  fc.record({
    replace: fc.boolean(),
    restartScalingMembers: fc.boolean(),
    restartYoungerThanSeconds: fc.constantFrom(30, 3_600),
  }),
);

const options: fc.Arbitrary<Partial<RolloutRequest>> = fc.record({
  restart: fc.constantFrom('auto', 'auto', 'never'),
  attach: fc.constantFrom('now', 'wave'),
  startStopped: fc.boolean(),
  restartAlreadyAttached: fc.boolean(),
  maxUnavailable: fc.constantFrom('1', '2', '50%', '100%'),
  ramp: fc.constantFrom('doubling', 'canary', 'none'),
});

const memory = fc.record({
  holder: fc.constantFrom(null, null, null, 'ro-b'),
  bound: fc.constantFrom(null, { ...KEY_PAIR, atMs: NOW_MS - 9 }),
  readyAtMs: fc.constantFrom(null, NOW_MS - 10, NOW_MS - 8),
});

/** Everything that a plan is made from, and the plan. */
const planned = fc
  .record({
    fleet,
    options,
    launch,
    breakGlass: fc.constantFrom(null, null, 'all down'),
    memories: fc.array(fc.option(memory), { minLength: IDS.length, maxLength: IDS.length }),
    hasWindow: fc.boolean(),
    gone: fc.subarray(IDS, { maxLength: 1 }),
  })
  .map(({ hasWindow, ...made }) => {
    const instanceIds = made.fleet.map(({ instanceId }) => instanceId);
    const request = aRequest({
      ...made.options,
      instanceIds,
      launch: made.launch,
      breakGlass: made.launch === null ? made.breakGlass : null,
    });
    const memories = new Map(
      made.memories.flatMap((one, n): [string, InstanceMemory][] => {
        if (one === null) return [];
        const rest = { doubtAtMs: null, previousKeyPairName: null, notRunningAtMs: null };
        return [[IDS[n]!, { instanceId: IDS[n]!, ...rest, launch: null, ...one }]];
      }),
    );
    const seen = made.fleet.filter(({ instanceId }) => !made.gone.includes(instanceId));
    const snapshots = new Map(seen.map((one) => [one.instanceId, one]));
    const known = { keyPair: KEY_PAIR, snapshots, memories, optOut: { tags: TAGS, hasWindow } };
    const moment = { nowMs: NOW_MS, ownerUntilMs: NOW_MS + 90_000 };
    return { request, snapshots, hasWindow, plan: makePlan(request, known, moment, sha256) };
  });

/** What is done to whom, said in another way than the summary says it. */
function deeds({ instances }: Plan): string {
  return instances
    .map(({ instanceId, attach, restart, optOut }) => {
      const first = attach.kind === 'skipped' ? `not attached: ${attach.reason}` : 'attached';
      const then = restart.kind === 'due' ? `then ${restart.how}` : '';
      const when = restart.kind === 'due' && optOut === 'window' ? 'only in the window' : '';
      return [instanceId, first, then, when].join(' ');
    })
    .join('\n');
}

const asked = ({ request }: { request: RolloutRequest }) => JSON.stringify(request.instanceIds);

test('a plan has one instance for each id, and nobody who said no is restarted', ({ expect }) => {
  fc.assert(
    fc.property(planned, ({ request, plan, snapshots, hasWindow }) => {
      expect(plan.instances.map(({ instanceId }) => instanceId)).toEqual(request.instanceIds);
      for (const { instanceId, attach, restart, withheld, optOut } of plan.instances) {
        const tags = snapshots.get(instanceId)?.tags ?? {};
        const [noAttach, noRestart] = [tags[TAGS.attach], tags[TAGS.restart]];
        if (noAttach !== undefined) expect(attach).toMatchObject({ reason: 'opted-out' });
        expect(optOut === '').toBe(noRestart === undefined);
        if (restart.kind !== 'due') continue;
        expect(withheld).toBe('');
        expect([undefined, 'approve', 'window']).toContain(noRestart);
        if (noRestart === 'window') expect(hasWindow).toBe(true);
        const nobodyApproves = request.launch !== null || request.breakGlass !== null;
        if (noRestart === 'approve') expect(nobodyApproves).toBe(false);
        const { launch: terms } = request;
        if (terms === null) continue;
        const isMember = tags['acs:autoscaling:scalingGroupId'] !== undefined;
        if (isMember) expect(terms.restartScalingMembers).toBe(true);
        const ageMs = NOW_MS - (snapshots.get(instanceId)!.createdAtMs ?? Number.NaN);
        expect(ageMs).toBeLessThan(terms.restartYoungerThanSeconds * 1_000);
      }
    }),
    { numRuns: 500 },
  );
});

test('no tag hides a machine: each that opted out is listed', ({ expect }) => {
  fc.assert(
    fc.property(planned, ({ request, plan, snapshots }) => {
      const carriers = [...snapshots.values()].filter(
        ({ tags }) => tags[TAGS.attach] !== undefined || tags[TAGS.restart] !== undefined,
      );
      const listed = new Set(optedOutOf(plan.instances).map(({ instanceId }) => instanceId));
      expect(listed).toEqual(new Set(carriers.map(({ instanceId }) => instanceId)));
      for (const warning of warningsOf(plan, request)) expect(warning).not.toMatch(/ 0 instances/);
    }),
  );
});

test('two plans have one digest if and only if they do the same', ({ expect }) => {
  fc.assert(
    fc.property(planned, planned, ({ request, ...one }, other) => {
      const { launch: _, breakGlass: __, instanceIds: ___, ...sameOptions } = request;
      const same =
        asked({ request }) === asked(other) &&
        JSON.stringify(sameOptions) ===
          JSON.stringify({
            ...other.request,
            launch: undefined,
            breakGlass: undefined,
            instanceIds: undefined,
          }) &&
        deeds(one.plan) === deeds(other.plan);
      expect(one.plan.digest === other.plan.digest).toBe(same);
    }),
    { numRuns: 300 },
  );
});

test('the digest of a plan changes with each thing that is done, and with nothing else', ({
  expect,
}) => {
  fc.assert(
    fc.property(planned, snapshot, ({ request, plan, snapshots, hasWindow }, change) => {
      const [first] = request.instanceIds;
      const changed = new Map(snapshots);
      changed.set(first!, aSnapshot({ ...change, instanceId: first! }));
      const optOut = { tags: TAGS, hasWindow };
      const of = (seen: typeof snapshots) =>
        makePlan(
          request,
          { keyPair: KEY_PAIR, snapshots: seen, memories: new Map(), optOut },
          { nowMs: NOW_MS, ownerUntilMs: NOW_MS },
          sha256,
        );
      const [before, after] = [of(snapshots), of(changed)];
      expect(before.digest === after.digest).toBe(deeds(before) === deeds(after));
      expect(plan.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    }),
    { numRuns: 300 },
  );
});

test('the waves of a plan are those that the rollout will choose', ({ expect }) => {
  fc.assert(
    fc.property(planned, ({ request, plan }) => {
      const ordinary = { ...request, breakGlass: null };
      const waves = plannedWaves({ ...plan, request: ordinary, wave: 0 });
      let instances: readonly RolloutInstance[] = plan.instances.map((one) =>
        one.restart.kind === 'due'
          ? { ...one, attach: { kind: 'attached', atMs: NOW_MS, requestId: '' } }
          : { ...one, attach: { kind: 'failed', code: '', message: '', requestId: '' } },
      );
      for (const [n, expected] of waves.entries()) {
        const state = { instances, request: ordinary, wave: n, windowIsOpen: true };
        const choice = chooseWave(state, undefined, NOW_MS);
        expect(choice).toMatchObject({ kind: 'wave', wave: n + 1 });
        const indexes = choice.kind === 'wave' ? choice.indexes : [];
        expect(indexes.map((index) => instances[index]!.instanceId)).toEqual(expected);
        const ready = {
          kind: 'ready',
          how: 'reboot',
          attempt: 1,
          proof: 'accepted',
          atMs: NOW_MS,
          requestId: '',
        } as const;
        instances = instances.map((one, index) =>
          indexes.includes(index) ? { ...one, wave: n + 1, restart: ready } : one,
        );
      }
      const state = { instances, request: ordinary, wave: waves.length, windowIsOpen: true };
      expect(chooseWave(state, undefined, NOW_MS)).toEqual({ kind: 'nobody' });
    }),
    { numRuns: 300 },
  );
});

const client: fc.Arbitrary<ClientRule> = fc
  .record({
    keyPairs: fc.constantFrom([KEY_PAIR], [KEY_PAIR], [], [{ ...KEY_PAIR, fingerprint: 'fp-x' }]),
    tags: fc.constantFrom({}, {}, { team: 'web' }, { team: '*' }),
    maxInstances: fc.constantFrom(1, 2, 1_000),
    restart: fc.constantFrom(['auto', 'never'], ['never']),
    attach: fc.constantFrom(['now', 'wave'], ['wave']),
    approval: fc.constantFrom(
      null,
      anApprovalRule(),
      anApprovalRule({ always: false, aboveInstances: 1 }),
      anApprovalRule({ always: false, tags: { team: 'db' } }),
    ),
    breakGlass: fc.boolean(),
  })
  .map((over) => aClient(over as Partial<ClientRule>));

/** What the client's rule says of it, read once more from its words. */
function isPermitted(
  rule: ClientRule,
  request: RolloutRequest,
  snapshots: readonly Snapshot[],
): boolean {
  return (
    rule.keyPairs.some(({ fingerprint }) => fingerprint === KEY_PAIR.fingerprint) &&
    rule.restart.some((mode) => mode === request.restart) &&
    rule.attach.some((mode) => mode === request.attach) &&
    snapshots.length <= rule.maxInstances &&
    (request.breakGlass === null || rule.breakGlass) &&
    snapshots.every(({ tags }) => {
      const wanted = rule.tags['team'];
      if (wanted === undefined) return true;
      return wanted === '*' ? tags['team'] !== undefined : tags['team'] === wanted;
    })
  );
}

test('nothing is attached, nor saved, for whom the policy does not permit it', async ({
  expect,
}) => {
  await fc.assert(
    fc.asyncProperty(
      client,
      fleet,
      options,
      fc.constantFrom(null, 'all down'),
      fc.boolean(),
      async (rule, snapshots, over, breakGlass, revoked) => {
        const revokedKeyPairs = revoked ? [{ ...KEY_PAIR, reason: 'leaked' }] : [];
        const world = aWorld(snapshots, { policy: { revokedKeyPairs } });
        const request = { ...over, breakGlass };
        const outcome = await world.ask(request, 'msg_1', rule).then(rolloutIn, (error) => error);
        const permitted = isPermitted(rule, aRequest(request), snapshots) && !revoked;
        const calls = Object.keys(world.ecs.calls).filter((name) => !name.startsWith('Describe'));
        if (!permitted) {
          expect(outcome).toBeInstanceOf(LatchkeyError);
          expect(outcome).toMatchObject({ code: 'forbidden' });
          expect(outcome.details.faults).not.toHaveLength(0);
          expect(calls).toEqual([]);
          expect(world.rollouts.all()).toEqual([]);
          return;
        }
        expect(world.rollouts.all()).toHaveLength(1);
        if (outcome.approval?.state === 'waiting') expect(calls).toEqual([]);
        if (rule.approval?.always === true && breakGlass === null) {
          const isTouched = ({ attach, restart }: RolloutInstance) =>
            attach.kind !== 'skipped' || restart.kind !== 'none';
          const needed = (outcome.instances as RolloutInstance[]).some(isTouched);
          expect(outcome.approval !== null).toBe(needed);
        }
        if (breakGlass !== null) expect(outcome.approval).toBeNull();
      },
    ),
    { numRuns: 300 },
  );
});
