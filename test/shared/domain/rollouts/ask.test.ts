import { describe, test } from 'vitest';
import type { ClientRule, Policy } from '../../../../shared/domain/model/policy.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import { aClient, aLaunch, anApprovalRule, NOW_MS } from '../../../models/builders.ts';
import { aWorld, KEY_PAIR, rolloutIn } from '../../../models/world.ts';

const TEAM = { tags: { team: 'web' } };
const EVERYTHING: Policy['notify'][number]['on'] = [
  'approval-needed',
  'break-glass',
  'halted',
  'ended',
];
const PAGER = { id: 'pager', url: 'https://pager.example', secretName: 'PAGER', on: EVERYTHING };

/** What a refused request must not have done. */
function nothingDone(world: ReturnType<typeof aWorld>) {
  return world.rollouts.all().length === 0 && !('AttachKeyPair' in world.ecs.calls);
}

describe('a client without permission', () => {
  test.for([
    ['its key pair', { keyPairs: [] }, {}, 'keyPairName'],
    ['the mode', { restart: ['never'] }, {}, 'restart'],
    ['the number', { maxInstances: 0 }, {}, 'instanceIds'],
    ['breaking the glass', { breakGlass: false }, { breakGlass: 'all down' }, 'breakGlass'],
  ] as const)(
    'is refused for %s before ECS is asked',
    async ([, client, over, field], { expect }) => {
      const world = aWorld();
      const asked = world.ask(
        over as Partial<RolloutRequest>,
        'msg_1',
        aClient(client as Partial<ClientRule>),
      );
      await expect(asked).rejects.toMatchObject({
        code: 'forbidden',
        message: 'Cannot attach key pair "ops": the policy does not permit it',
        details: { faults: [{ path: [field] }] },
      });
      expect(world.ecs.calls).toEqual({});
      expect(nothingDone(world)).toBe(true);
    },
  );

  test('is refused for an instance without its tags, and nothing is done', async ({ expect }) => {
    const world = aWorld([TEAM, { instanceId: 'i-b' }]);
    const asked = world.ask({}, 'msg_1', aClient(TEAM));
    await expect(asked).rejects.toMatchObject({
      code: 'forbidden',
      details: { faults: [{ path: ['instanceIds', 1] }] },
    });
    expect(nothingDone(world)).toBe(true);
  });

  test('is refused for a recreated key pair', async ({ expect }) => {
    const world = aWorld();
    const client = aClient({ keyPairs: [{ name: 'ops', fingerprint: 'fp-of-before' }] });
    await expect(world.ask({}, 'msg_1', client)).rejects.toMatchObject({
      code: 'forbidden',
      details: { faults: [{ path: ['keyPairName'] }] },
    });
    expect(nothingDone(world)).toBe(true);
  });

  test('is refused a dry run, too', async ({ expect }) => {
    const asked = aWorld([{}]).ask({ dryRun: true }, 'msg_1', aClient(TEAM));
    await expect(asked).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('still sees what it asked for when it might', async ({ expect }) => {
    const world = aWorld();
    const { rolloutId } = rolloutIn(await world.ask({}, 'msg_1', aClient()));
    const again = await world.ask({}, 'msg_1', aClient({ keyPairs: [] }));
    expect(again).toMatchObject({ repeated: true, rollout: { rolloutId } });
  });
});

test('a revoked key pair is refused whoever asks, and the answer says why', async ({ expect }) => {
  const revoked = { name: 'ops', fingerprint: KEY_PAIR.fingerprint, reason: 'its laptop was lost' };
  const world = aWorld([{}], { policy: { revokedKeyPairs: [revoked] } });
  for (const client of [null, aClient()]) {
    await expect(world.ask({}, 'msg_1', client)).rejects.toMatchObject({
      code: 'forbidden',
      details: {
        faults: [
          { path: ['keyPairName'], detail: 'key pair "ops" is revoked: its laptop was lost' },
        ],
      },
    });
  }
  expect(nothingDone(world)).toBe(true);
});

test('a key pair that does not exist is not valid, rather than forbidden', async ({ expect }) => {
  const client = aClient({ keyPairs: [{ name: 'none', fingerprint: 'fp' }] });
  const asked = aWorld().ask({ keyPairName: 'none' }, 'msg_1', client);
  await expect(asked).rejects.toMatchObject({ code: 'not-valid' });
});

describe('a client that needs an approval', () => {
  const approval = anApprovalRule();

  test('waits for it, and the rollout says why and tells the channels', async ({ expect }) => {
    const world = aWorld([{}], { policy: { notify: [PAGER] } });
    const rollout = rolloutIn(await world.ask({}, 'msg_1', aClient({ approval })));
    expect(rollout).toMatchObject({
      approval: {
        state: 'waiting',
        untilMs: world.now() + 600_000,
        why: 'client "ci" always needs one',
      },
      request: { approveWithinSeconds: 600 },
    });
    expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();
    const sent = world.queue.receive(100).map((body) => JSON.parse(body));
    expect(sent).toContainEqual(
      expect.objectContaining({ schema: 'latchkey.notice/1', kind: 'approval-needed' }),
    );
  });

  test('is told so by a dry run', async ({ expect }) => {
    const answer = await aWorld().ask({ dryRun: true }, 'msg_1', aClient({ approval }));
    expect(answer).toMatchObject({
      kind: 'dry-run',
      approval: { why: 'client "ci" always needs one', withinSeconds: 600 },
    });
  });

  test('passes it by with a reason, for good', async ({ expect }) => {
    const world = aWorld([{}], { policy: { notify: [PAGER] } });
    const breakGlass = 'nobody can log in';
    const asked = await world.ask({ breakGlass }, 'msg_1', aClient({ approval }));
    const { rolloutId } = rolloutIn(asked);
    const sent = world.queue.receive(100).map((body) => JSON.parse(body));
    expect(sent).toContainEqual(
      expect.objectContaining({ schema: 'latchkey.notice/1', kind: 'break-glass' }),
    );
    await world.wake(rolloutId);
    await world.settle();
    const after = await world.rollout(rolloutId);
    expect(after).toMatchObject({ phase: 'done', approval: null, request: { breakGlass } });
    expect(after.history).toContainEqual(
      expect.objectContaining({ what: 'break-glass', detail: breakGlass, by: 'ci' }),
    );
  });

  test('cannot both wait for it and pass it by', async ({ expect }) => {
    const world = aWorld();
    const asked = world.ask({ breakGlass: 'now', approveWithinSeconds: 60 }, 'msg_1', aClient());
    await expect(asked).rejects.toMatchObject({
      code: 'not-valid',
      details: { faults: [{ path: ['approveWithinSeconds'] }] },
    });
  });
});

describe('a client with all the rollouts that it may have', () => {
  const client = aClient({ maxOpenRollouts: 1 });
  const busy = async () => {
    const world = aWorld([{ instanceId: 'i-a' }, { instanceId: 'i-b' }]);
    const { rolloutId } = rolloutIn(await world.ask({ instanceIds: ['i-a'] }, 'msg_1', client));
    return { world, rolloutId };
  };

  test('is told when to come again, and nothing is done', async ({ expect }) => {
    const { world } = await busy();
    const asked = world.ask({ instanceIds: ['i-b'] }, 'msg_2', client);
    await expect(asked).rejects.toMatchObject({
      code: 'throttled',
      message: 'Cannot begin another rollout of client "ci": the limit is 1 open rollouts',
      details: { retryAtMs: world.now() + 60_000 },
    });
    expect(world.rollouts.all()).toHaveLength(1);
    expect(world.ecs.look('i-b').keyPairName).toBeNull();
  });

  test('may ask once one is over, look at the plan, and ask again for the same', async ({
    expect,
  }) => {
    const { world, rolloutId } = await busy();
    const same = await world.ask({ instanceIds: ['i-a'] }, 'msg_1', client);
    expect(same).toMatchObject({ repeated: true, rollout: { rolloutId } });
    const dryRun = await world.ask({ instanceIds: ['i-b'], dryRun: true }, 'msg_2', client);
    expect(dryRun.kind).toBe('dry-run');
    await world.settle();
    const next = await world.ask({ instanceIds: ['i-b'] }, 'msg_2', client);
    expect(next.kind).toBe('rollout');
  });
});

test('what a launch withholds stays withheld once the instance has come up', async ({ expect }) => {
  const tags = { 'acs:autoscaling:scalingGroupId': 'asg-1' };
  const world = aWorld([
    { instanceId: 'i-member', status: 'Pending', createdAtMs: NOW_MS, tags },
    { instanceId: 'i-other', status: 'Pending', createdAtMs: NOW_MS },
  ]);
  await world.ask({ launch: aLaunch() });
  for (const instanceId of ['i-member', 'i-other']) {
    world.ecs.change(instanceId, { status: 'Running' });
  }
  await world.settle();
  expect(world.ecs.look('i-member')).toMatchObject({ keyPairName: 'ops', boots: 0 });
  expect(world.ecs.look('i-other')).toMatchObject({ effectiveKeyPairName: 'ops', boots: 1 });
});
