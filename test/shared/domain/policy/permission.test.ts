import { describe, test } from 'vitest';
import type { Snapshot } from '../../../../shared/domain/model/instance.ts';
import {
  approvalNeed,
  keyPairFaults,
  planFaults,
  requestFaults,
  revocationOf,
} from '../../../../shared/domain/policy/permission.ts';
import { makePlan } from '../../../../shared/domain/plan/plan.ts';
import type { ApprovalRule, ClientRule } from '../../../../shared/domain/model/policy.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import {
  aClient,
  anApprovalRule,
  aRequest,
  aSelector,
  aSnapshot,
  NO_WINDOW,
  NOW_MS,
  sha256,
} from '../../../models/builders.ts';

const keyPair = { name: 'ops', fingerprint: 'fp-ops' };
const SELECTOR = aSelector({ namePrefix: 'web-' });

/** A request for these instances, the plan of it, and the snapshots that it was made from. */
function planned(
  snapshots: readonly Partial<Snapshot>[],
  over: Partial<RolloutRequest> = {},
): Parameters<typeof planFaults> extends [unknown, ...infer Rest] ? Rest : never {
  const all = snapshots.map((one, n) => aSnapshot({ instanceId: `i-${n}`, ...one }));
  const request = aRequest({ instanceIds: all.map(({ instanceId }) => instanceId), ...over });
  const byId = new Map(all.map((one) => [one.instanceId, one]));
  const known = { keyPair, snapshots: byId, memories: new Map(), optOut: NO_WINDOW };
  const moment = { nowMs: NOW_MS, ownerUntilMs: NOW_MS + 90_000 };
  return [request, makePlan(request, known, moment, sha256), byId];
}

describe('what a request alone says', () => {
  test('is no fault where the client may all of it', ({ expect }) => {
    expect(requestFaults(aClient(), aRequest({ breakGlass: 'all down' }))).toEqual([]);
  });

  test.for([
    ['keyPairName', { keyPairs: [] }, {}, 'client "ci" may not attach key pair "ops"'],
    ['restart', { restart: ['never'] }, {}, 'client "ci" may not ask for "restart": "auto"'],
    ['attach', { attach: ['wave'] }, {}, 'client "ci" may not ask for "attach": "now"'],
    [
      'instanceIds',
      { maxInstances: 1 },
      { instanceIds: ['i-a', 'i-b'] },
      'client "ci" may not ask for 2 instances: the limit is 1',
    ],
    [
      'breakGlass',
      { breakGlass: false },
      { breakGlass: 'now' },
      'client "ci" may not break the glass',
    ],
  ] as const)('is a fault at %s', ([field, client, request, detail], { expect }) => {
    const faults = requestFaults(
      aClient(client as Partial<ClientRule>),
      aRequest(request as object),
    );
    expect(faults).toEqual([{ path: [field], detail }]);
  });

  test('is every fault at once', ({ expect }) => {
    const client = aClient({ keyPairs: [], restart: [], attach: [], maxInstances: 0 });
    const paths = requestFaults(client, aRequest()).map(({ path }) => path);
    expect(paths).toEqual([['keyPairName'], ['restart'], ['attach'], ['instanceIds']]);
  });

  test('concerns nobody without a client', ({ expect }) => {
    expect(requestFaults(null, aRequest({ breakGlass: 'now' }))).toEqual([]);
  });
});

test('a recreated key pair of the same name is not the one that the client may attach', ({
  expect,
}) => {
  expect(keyPairFaults(aClient(), keyPair)).toEqual([]);
  const [fault] = keyPairFaults(aClient(), { ...keyPair, fingerprint: 'fp-other' });
  expect(fault).toMatchObject({ path: ['keyPairName'] });
});

test('a revocation covers one fingerprint, or every key pair of the name', ({ expect }) => {
  const one = { name: 'ops', fingerprint: 'fp-other', reason: 'leaked' };
  expect(revocationOf([one], keyPair)).toBeUndefined();
  expect(revocationOf([one, { ...one, fingerprint: 'fp-ops' }], keyPair)).toMatchObject({
    fingerprint: 'fp-ops',
  });
  expect(revocationOf([{ ...one, fingerprint: null }], keyPair)).toMatchObject({ name: 'ops' });
  expect(revocationOf([{ ...one, name: 'old', fingerprint: null }], keyPair)).toBeUndefined();
});

describe('what the instances say', () => {
  const web = aClient({ tags: { team: 'web' } });

  test('is a fault for each without the tags, whatever would be done to it', ({ expect }) => {
    const of = planned([
      { tags: { team: 'web' } },
      { tags: { team: 'db' } },
      { osType: 'windows' },
    ]);
    const detail = (id: string) => `"${id}" does not carry the tags that client "ci" may touch`;
    expect(planFaults(web, ...of)).toEqual([
      { path: ['instanceIds', 1], detail: detail('i-1') },
      { path: ['instanceIds', 2], detail: detail('i-2') },
    ]);
  });

  test('is no fault for one that does not exist', ({ expect }) => {
    const [, plan] = planned([], { instanceIds: ['i-gone'] });
    expect(planFaults(web, aRequest({ instanceIds: ['i-gone'] }), plan, new Map())).toEqual([]);
  });

  test('points at the selector that found them, and at how many it found', ({ expect }) => {
    const client = aClient({ tags: { team: 'web' }, maxInstances: 1 });
    const found = [{ tags: { team: 'web' } }, {}];
    const faults = planFaults(client, ...planned(found, { selector: SELECTOR }));
    expect(faults.map(({ path }) => path)).toEqual([['selector'], ['selector']]);
    expect(faults[1]!.detail).toBe('client "ci" may not ask for 2 instances: the limit is 1');
  });

  test('concerns nobody without a client', ({ expect }) => {
    expect(planFaults(null, ...planned([{}]))).toEqual([]);
  });
});

describe('an approval', () => {
  const NONE = anApprovalRule({ always: false });
  const need = (
    rule: Partial<ApprovalRule> | null,
    snapshots: readonly Partial<Snapshot>[] = [{}],
    over: Partial<RolloutRequest> = {},
  ) => {
    const approval = rule === null ? null : { ...NONE, ...rule };
    return approvalNeed(aClient({ approval }), ...planned(snapshots, over));
  };
  const APPROVE = { 'latchkey:restart': 'approve' };

  test('is needed for no reason', ({ expect }) => {
    expect(need(null)).toBeNull();
    expect(need({})).toBeNull();
    expect(need({ aboveInstances: 2, tags: { team: 'db' } }, [{}, {}])).toBeNull();
  });

  test.for([
    ['always', { always: true }, [{}], 'client "ci" always needs one'],
    ['above a number', { aboveInstances: 1 }, [{}, {}], '2 instances, more than 1'],
    ['for tags', { tags: { team: 'db' } }, [{ tags: { team: 'db' } }], '1 with team=db'],
    [
      'for a tag with any value',
      { tags: { team: '*' } },
      [{ tags: { team: 'x' } }],
      '1 with team=*',
    ],
    ['for the own tag', null, [{ tags: APPROVE }], '1 ask for it by their own tag'],
  ] as const)('is needed %s', ([, rule, snapshots, why], { expect }) => {
    expect(need(rule, snapshots as readonly object[])).toMatchObject({ why });
  });

  test('counts what is attached or restarted, and nothing else', ({ expect }) => {
    const snapshots = [{}, { osType: 'windows' as const }, { keyPairName: 'ops' }];
    expect(need({ aboveInstances: 1 }, snapshots)).toBeNull();
    expect(need({ aboveInstances: 1 }, snapshots, { restartAlreadyAttached: true })).not.toBeNull();
    const tags = { team: 'db' };
    expect(need({ tags }, [{}, { tags, osType: 'windows' }])).toBeNull();
  });

  test('of the own tag is needed by whoever asks, for a restart', ({ expect }) => {
    expect(approvalNeed(null, ...planned([{ tags: APPROVE }]))).toEqual({
      why: '1 ask for it by their own tag',
      withinSeconds: 86_400,
      needed: 1,
      isHighRisk: false,
    });
    expect(need(null, [{ tags: APPROVE }], { restart: 'never' })).toBeNull();
  });

  test('waits as long as the client may, and no longer than was asked for', ({ expect }) => {
    expect(need({ always: true })).toMatchObject({ withinSeconds: 600 });
    const shorter = need({ always: true }, [{}], { approveWithinSeconds: 60 });
    expect(shorter).toMatchObject({
      why: 'asked for; client "ci" always needs one',
      withinSeconds: 60,
    });
    const longer = need({ always: true }, [{}], { approveWithinSeconds: 6_000 });
    expect(longer).toMatchObject({ withinSeconds: 600 });
    const onlyAsked = need({}, [{}], { approveWithinSeconds: 6_000 });
    expect(onlyAsked).toMatchObject({ why: 'asked for', withinSeconds: 6_000 });
  });

  test('is given by as many people as the rule says, if it is the rule that asks', ({ expect }) => {
    const two = { approvals: 2, aboveInstances: 1 };
    expect(need(two, [{}, {}])).toMatchObject({ needed: 2, isHighRisk: false });
    expect(need(two, [{}], { approveWithinSeconds: 60 })).toMatchObject({ needed: 1 });
    expect(need(two, [{ tags: APPROVE }])).toMatchObject({ needed: 1 });
  });

  test('is needed for what is high risk, whatever else the rule says', ({ expect }) => {
    const above = { approvals: 2, highRisk: { aboveInstances: 1, tags: {} } };
    expect(need(above)).toBeNull();
    expect(need(above, [{}, {}])).toEqual({
      why: 'high risk: 2 instances, more than 1',
      withinSeconds: 600,
      needed: 2,
      isHighRisk: true,
    });
    const tagged = { highRisk: { aboveInstances: null, tags: { env: 'production' } } };
    const production = { tags: { env: 'production' } };
    expect(need({ ...tagged, always: true }, [{}])).toMatchObject({ isHighRisk: false });
    expect(need(tagged, [{}, production])).toMatchObject({
      why: 'high risk: 1 with env=production',
      isHighRisk: true,
    });
    // Nothing is done to it.
    expect(need(tagged, [{}, { ...production, osType: 'windows' }])).toBeNull();
    expect(need(tagged, [production], { breakGlass: 'all down' })).toBeNull();
  });

  test('of a person is that of a person', ({ expect }) => {
    const lin = aClient({ id: 'lin', person: 'lin', approval: anApprovalRule() });
    expect(approvalNeed(lin, ...planned([{}]))).toMatchObject({
      why: 'person "lin" always needs one',
    });
  });

  test('is passed by where the glass is broken, and not asked for nothing', ({ expect }) => {
    expect(need({ always: true }, [{ tags: APPROVE }], { breakGlass: 'all down' })).toBeNull();
    expect(need({ always: true }, [{ osType: 'windows' }])).toBeNull();
  });
});
