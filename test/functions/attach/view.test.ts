import { describe, test } from 'vitest';
import { aFleet, aService, twoClients } from '../../support/attach-service.ts';
import { anApprovalRule } from '../../models/builders.ts';
import { BODY } from '../../models/http-event.ts';

const WINDOW = {
  window: { days: ['mon' as const], start: '02:00', end: '04:00', timeZone: 'Asia/Shanghai' },
  freezes: [],
};
const APPROVAL = anApprovalRule();

/** One of each opt-out, and one without. */
const OWNED = [
  { instanceId: 'i-a' },
  { instanceId: 'i-attach', tags: { 'latchkey:attach': 'never' } },
  { instanceId: 'i-never', tags: { 'latchkey:restart': 'never' } },
  { instanceId: 'i-approve', tags: { 'latchkey:restart': 'approve' } },
  { instanceId: 'i-window', tags: { 'latchkey:restart': 'window' } },
  { instanceId: 'i-bound', tags: { 'latchkey:restart': 'never' }, keyPairName: 'ops' },
];
const OPTED_OUT = [
  { instanceId: 'i-attach', tag: 'attach', value: 'never', effect: 'not-attached' },
  { instanceId: 'i-never', tag: 'restart', value: 'never', effect: 'not-restarted' },
  { instanceId: 'i-approve', tag: 'restart', value: 'approve', effect: 'needs-approval' },
  { instanceId: 'i-window', tag: 'restart', value: 'window', effect: 'only-in-window' },
  { instanceId: 'i-bound', tag: 'restart', value: 'never', effect: 'none' },
];

function bodyFor(snapshots: readonly { readonly instanceId?: string }[]) {
  return { ...BODY, instanceIds: snapshots.map(({ instanceId }) => instanceId), bakeSeconds: 0 };
}

describe('every answer lists who opted out', () => {
  test('and a dry run says what of each', async ({ expect }) => {
    const { post } = aService(OWNED, { schedule: WINDOW });
    const { statusCode, json } = await post('/rollouts', { ...bodyFor(OWNED), dryRun: true });
    expect(statusCode).toBe(200);
    expect(json.optedOut).toEqual(OPTED_OUT);
    expect(json.results[1]).toMatchObject({
      kind: 'skipped',
      reason: 'opted-out',
      detail: 'latchkey:attach=never',
    });
    expect(json.results[2]).toMatchObject({
      next: 'none',
      optOut: 'never',
      withheld: 'opted-out',
    });
    expect(json.approval).toEqual({
      why: '1 ask for it by their own tag',
      withinSeconds: 86_400,
      needed: 1,
      isHighRisk: false,
    });
    expect(json.warnings).toContain('no restart on 1 instance: their own tag forbids it');
  });

  test('and so does the rollout, from its beginning to its end', async ({ expect }) => {
    const service = aService(OWNED, { schedule: WINDOW });
    const begun = await service.post('/rollouts', bodyFor(OWNED));
    expect(begun.statusCode).toBe(202);
    expect(begun.json).toMatchObject({ status: 'waiting', optedOut: OPTED_OUT });
    const { rolloutId, planDigest, approval } = begun.json;
    expect(approval.why).toBe('1 ask for it by their own tag');
    await service.control(rolloutId, 'abort');
    await service.world.settle();
    const { json } = await service.get(`/rollouts/${rolloutId}`);
    const ids = (list: readonly { instanceId: string }[]) => list.map((one) => one.instanceId);
    expect(ids(json.optedOut)).toEqual(ids(OPTED_OUT));
    expect(planDigest).toMatch(/^sha256:/);
  });

  test('and nobody who did not', async ({ expect }) => {
    const { post } = aService();
    expect((await post('/rollouts', BODY)).json.optedOut).toEqual([]);
  });
});

test('a broken glass is shown for good: in the rollout, and in the list', async ({ expect }) => {
  const service = aService([{}], { clients: twoClients({ approval: APPROVAL }) });
  const breakGlass = 'nobody can log in';
  const { json } = await service.post('/rollouts', { ...BODY, breakGlass });
  const shown = { reason: breakGlass, by: 'ci' };
  expect(json).toMatchObject({ breakGlass: shown, approval: null });
  await service.world.settle();
  expect((await service.get(`/rollouts/${json.rolloutId}`)).json).toMatchObject({
    status: 'done',
    breakGlass: shown,
  });
  expect((await service.get('/rollouts')).json.rollouts).toMatchObject([{ breakGlass: shown }]);
});

test('an ordinary rollout has neither a selector nor a broken glass', async ({ expect }) => {
  const { json } = await aService().post('/rollouts', BODY);
  expect(json).not.toHaveProperty('breakGlass');
  expect(json).not.toHaveProperty('selector');
});

describe('a dry run', () => {
  test('shows who is restarted in which wave, and how long it may take', async ({ expect }) => {
    const fleet = [...aFleet(4), { instanceId: 'i-z', zoneId: 'cn-hangzhou-a' }];
    const body = { ...bodyFor(fleet), maxUnavailable: '2', bakeSeconds: 30, dryRun: true };
    const { json } = await aService(fleet).post('/rollouts', body);
    expect(json).toMatchObject({
      wave: { current: 0, of: 3 },
      waves: [['i-z'], ['i-a', 'i-b'], ['i-c', 'i-d']],
      expectedSeconds: 3 * (60 + 30),
      expectedSecondsIs: 'estimate',
      approval: null,
    });
  });

  test('of a selector shows the selector, and what it found', async ({ expect }) => {
    const fleet = [
      { instanceId: 'i-b', tags: { team: 'web' } },
      { instanceId: 'i-a', tags: { team: 'web' } },
      { instanceId: 'i-c', tags: { team: 'db' } },
    ];
    const { instanceIds: _, ...body } = BODY;
    const selector = { tags: { team: 'web' } };
    const { json } = await aService(fleet).post('/rollouts', { ...body, selector, dryRun: true });
    expect(json).toMatchObject({ status: 'dry-run', selector, totalCount: 2 });
    expect(json.results).toMatchObject([{ instanceId: 'i-a' }, { instanceId: 'i-b' }]);
  });

  test('says that a restart may cost members of scaling groups their place', async ({ expect }) => {
    const tags = { 'acs:autoscaling:scalingGroupId': 'asg-1' };
    const { json } = await aService([{ tags }]).post('/rollouts', { ...BODY, dryRun: true });
    expect(json.warnings).toContain(
      'Auto Scaling may replace 1 instance after a restart: they are members of scaling groups',
    );
    expect(json.results[0]).toMatchObject({ isScalingMember: true });
  });
});

test('another plan than the expected one is refused with the difference', async ({ expect }) => {
  const service = aService([{ instanceId: 'i-a' }, { instanceId: 'i-b' }]);
  const { json: seen } = await service.post('/rollouts', { ...BODY, dryRun: true });
  service.world.ecs.change('i-a', { status: 'Stopped' });
  const { statusCode, json } = await service.post('/rollouts', {
    ...BODY,
    expectedPlanDigest: seen.planDigest,
  });
  expect(statusCode).toBe(409);
  expect(json).toMatchObject({
    code: 'plan-changed',
    planDigest: expect.stringMatching(/^sha256:/),
    difference: {
      added: [],
      removed: [],
      changed: [{ instanceId: 'i-a', expected: ['attach', 'reboot'], now: ['attach', 'none'] }],
    },
  });
  expect(service.world.rollouts.all()).toEqual([]);

  const unknown = `sha256:${'0'.repeat(64)}`;
  const forgotten = await service.post('/rollouts', { ...BODY, expectedPlanDigest: unknown });
  expect(forgotten.json).toMatchObject({ code: 'plan-changed', difference: null });
});
