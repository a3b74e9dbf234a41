import { test } from 'vitest';
import { aFleet, aService } from '../../support/attach-service.ts';

/** Four instances, two at once: waves of one, two and one. */
async function aRollout() {
  const service = aService(aFleet(4));
  const rolloutId = await service.begin({ maxUnavailable: '50%', bakeSeconds: 60 });
  return { ...service, look: async () => (await service.get(`/rollouts/${rolloutId}`)).json };
}

test('wave by wave, the view says who is restarted, what it waits for, and when it may end', async ({
  expect,
}) => {
  const { world, look } = await aRollout();
  expect(await look()).toMatchObject({
    status: 'restarting',
    wave: { current: 0, of: 3 },
    budget: { limit: 2, unavailable: 0, failures: 0, haltAfter: 1 },
    restarting: [],
    waitingFor: '',
    boundOnly: [],
    expectedEndMs: world.now() + 3 * (60_000 + 60_000),
    expectedEndIs: 'estimate',
    nextCalls: [],
  });

  await world.settle(1_000);
  const canary = await look();
  expect(canary).toMatchObject({
    wave: { current: 1, of: 3 },
    budget: { unavailable: 1 },
    restarting: ['i-a'],
    waitingFor: '',
    boundOnly: [],
    expectedEndMs: world.now() + 60_000 + 2 * (60_000 + 60_000),
  });
  expect(canary.results[0]).toMatchObject({
    wave: 1,
    restart: { kind: 'booting', proof: 'accepted' },
  });

  await world.settle(60_000);
  const baking = await look();
  expect(baking).toMatchObject({
    wave: { current: 1, of: 3 },
    budget: { unavailable: 0 },
    restarting: [],
    waitingFor: 'bake',
    expectedEndMs: baking.waitingUntilMs + 2 * (60_000 + 60_000),
  });

  await world.settle();
  expect(await look()).toMatchObject({
    status: 'done',
    wave: { current: 3, of: 3 },
    restarting: [],
    expectedEndMs: null,
    boundOnly: [],
  });
});

test('the view says whether a health gate is asked, and which group an instance is of', async ({
  expect,
}) => {
  const gate = { ask: async () => ({ answer: 'wait', reason: 'busy' }) as const };
  const service = aService([{ instanceId: 'i-a', tags: { team: 'web' } }], { gate });
  const rolloutId = await service.begin({ groupBy: 'team' });
  await service.world.settle(1_000);
  const { json } = await service.get(`/rollouts/${rolloutId}`);
  expect(json).toMatchObject({
    healthGate: 'asked before and after each wave',
    waitingFor: 'gate',
    waitingUntilMs: expect.any(Number),
  });
  expect(json.results[0]).toMatchObject({ group: 'web', wave: 0 });
});

test('outside the window a rollout says until when it waits', async ({ expect }) => {
  const untilMs = 1_790_000_900_000;
  const freezes = [{ from: 1_789_999_000_000, until: untilMs, reason: 'the sale' }];
  const service = aService([{}], { schedule: { window: null, freezes } });
  const rolloutId = await service.begin();
  await service.world.settle(1_000);
  const { json } = await service.get(`/rollouts/${rolloutId}`);
  expect(json).toMatchObject({ waitingFor: 'freeze', waitingUntilMs: untilMs });
  expect(json.expectedEndMs).toBe(untilMs + 60_000);
});
