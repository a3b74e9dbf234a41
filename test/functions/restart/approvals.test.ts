import { describe, test } from 'vitest';
import type { OrderCommand } from '../../../shared/domain/model/order.ts';
import type { ApprovalRule } from '../../../shared/domain/model/policy.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';
import { aClient, anApprovalRule, aSelector } from '../../models/builders.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Ecs } from '../../../shared/domain/model/ports.ts';
import { withMethods } from '../../support/with-methods.ts';
import { BODY } from '../../models/http-event.ts';
import { anOrderWorld, signing, someone, wordsOf } from '../../support/order-world.ts';

/** Alice asks and needs approvals; bob and carol may everything, as she may. */
function aTeam(
  rule: Partial<ApprovalRule> = {},
  over: {
    readonly instances?: number;
    readonly more?: Parameters<typeof anOrderWorld>[2];
  } = {},
) {
  const ids = Array.from({ length: over.instances ?? 2 }, (_, n) => ({ instanceId: `i-${n}` }));
  const approval = anApprovalRule(rule);
  const people = [someone('alice', { approval }), someone('bob'), someone('carol')];
  return anOrderWorld(ids, { people }, over.more);
}

type Team = ReturnType<typeof aTeam>;

async function waiting(team: Team, who = 'slack:alice'): Promise<Rollout> {
  await team.say(who, team.asking());
  const rollout = team.rollouts().at(-1)!;
  if (rollout.approval?.state !== 'waiting') throw new RangeError('Cannot go on: it does not wait');
  return rollout;
}

const approve = ({ rolloutId, planDigest }: Rollout): OrderCommand => ({
  kind: 'approve',
  rolloutId,
  planDigest,
});

const deny = ({ rolloutId }: Rollout): OrderCommand => ({ kind: 'deny', rolloutId });

const calls = ({ world }: Team) => world.ecs.calls['AttachKeyPair'] ?? 0;

describe('one approval', () => {
  test('of a second person lets it begin, and the history says who, where and what', async ({
    expect,
  }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    expect(calls(team)).toBe(0);
    const order = team.anOrder('feishu:bob', approve(rollout));
    await team.deliver(order);
    const [answer] = team.answers();
    expect(answer!.card.tone).toBe('good');
    const after = await team.world.rollout(rollout.rolloutId);
    expect(after.approval).toMatchObject({
      state: 'approved',
      given: ['bob'],
      by: `bob ${order.id}`,
    });
    expect(after.history.find(({ what }) => what === 'approved')).toMatchObject({
      by: `bob ${order.id}`,
      detail: `${rollout.planDigest}, 1 of 1, in feishu tenant0001 C0001`,
    });
    expect(calls(team)).toBe(1);
  });

  test('is not the requester’s, whichever platform they write from', async ({ expect }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    for (const account of ['slack:alice', 'feishu:alice', 'dingtalk:alice']) {
      const card = await team.say(account, approve(rollout));
      expect(wordsOf(card)).toContain(
        '"alice" requested it, and nobody may approve their own request',
      );
    }
    expect(await team.world.rollout(rollout.rolloutId)).toEqual(rollout);
  });

  test('names its plan, whole or by its beginning', async ({ expect }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    const { rolloutId, planDigest } = rollout;
    const other = await team.say('slack:bob', {
      kind: 'approve',
      rolloutId,
      planDigest: `sha256:${'0'.repeat(8)}`,
    });
    expect(wordsOf(other)).toContain(`its plan is ${planDigest}`);
    await team.say('slack:bob', {
      kind: 'approve',
      rolloutId,
      planDigest: planDigest.slice(0, 15),
    });
    expect((await team.world.rollout(rolloutId)).approval?.state).toBe('approved');
  });

  test('comes too late once the time is over, whether the timer has come by or not', async ({
    expect,
  }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    team.world.pass(600_000);
    const late = await team.say('slack:bob', approve(rollout));
    expect(wordsOf(late)).toContain('nobody approved it in time');
    await team.tick();
    const later = await team.say('slack:bob', approve(rollout));
    expect(wordsOf(later)).toContain('nobody approved it in time');
    expect((await team.world.rollout(rollout.rolloutId)).approval?.state).toBe('expired');
    expect(calls(team)).toBe(0);
  });
});

describe('two of three', () => {
  const two = { approvals: 2 };

  test('have to approve, and the first is told how many are missing', async ({ expect }) => {
    const team = aTeam(two);
    const rollout = await waiting(team);
    const first = await team.say('slack:bob', approve(rollout));
    expect(wordsOf(first)).toContain('waits for approval, 1 of 2');
    expect(calls(team)).toBe(0);
    const half = await team.world.rollout(rollout.rolloutId);
    expect(half.approval).toMatchObject({ state: 'waiting', given: ['bob'], by: '' });
    await team.say('feishu:carol', approve(rollout));
    const after = await team.world.rollout(rollout.rolloutId);
    expect(after.approval).toMatchObject({ state: 'approved', given: ['bob', 'carol'] });
    expect(
      after.history.filter(({ what }) => what.startsWith('appro')).map(({ detail }) => detail),
    ).toEqual([
      `${rollout.planDigest}, 1 of 2, in slack T0001 C0001`,
      `${rollout.planDigest}, 2 of 2, in feishu tenant0001 C0001`,
    ]);
    expect(calls(team)).toBe(1);
  });

  test('are not one person in two chats', async ({ expect }) => {
    const team = aTeam(two);
    const rollout = await waiting(team);
    for (const account of ['slack:bob', 'feishu:bob', 'slack:bob']) {
      const card = await team.say(account, approve(rollout));
      expect(wordsOf(card)).toContain('waits for approval, 1 of 2');
    }
    expect((await team.world.rollout(rollout.rolloutId)).approval?.given).toEqual(['bob']);
  });

  test('are not one person and their client', async ({ expect }) => {
    const bobs = signing(aClient({ id: 'bobs', person: 'bob' }), 5);
    const team = aTeam(two, { more: { clients: [bobs] } });
    const rollout = await waiting(team);
    const { rolloutId, planDigest } = rollout;
    await team.say('slack:bob', approve(rollout));
    const path = `/rollouts/${rolloutId}/approve`;
    const reply = await team.post(path, { rolloutId, action: 'approve', planDigest }, bobs.secret);
    expect(reply).toMatchObject({
      statusCode: 200,
      json: { status: 'waiting', approval: { needed: 2, given: ['bob'] } },
    });
  });

  test('are stopped by one who denies', async ({ expect }) => {
    const team = aTeam(two);
    const rollout = await waiting(team);
    await team.say('slack:bob', approve(rollout));
    await team.say('slack:carol', deny(rollout));
    const late = await team.say('dingtalk:bob', approve(rollout));
    expect(wordsOf(late)).toContain('it was denied by carol');
    expect(calls(team)).toBe(0);
  });
});

describe('a client of a person', () => {
  const alices = signing(aClient({ id: 'alices', person: 'alice', approval: anApprovalRule() }), 3);
  const ci = signing(aClient({ id: 'ci' }), 4);
  const team = () => aTeam({}, { more: { clients: [alices, ci] } });
  const request = { ...BODY, instanceIds: ['i-0', 'i-1'] };

  test('asks as that person, who then approves nowhere', async ({ expect }) => {
    const one = team();
    const { json } = await one.post('/rollouts', request, alices.secret);
    const rollout = await one.world.rollout(json.rolloutId);
    expect(rollout.origin).toMatchObject({ door: 'webhook', client: 'alices', person: 'alice' });
    const card = await one.say('slack:alice', approve(rollout));
    expect(wordsOf(card)).toContain('"alice" requested it');
    expect(calls(one)).toBe(0);
    await one.say('slack:bob', approve(rollout));
    expect(calls(one)).toBe(1);
  });

  test('does not approve what they asked for in a chat', async ({ expect }) => {
    const one = team();
    const { rolloutId, planDigest } = await waiting(one);
    const body = { rolloutId, action: 'approve', planDigest };
    const path = `/rollouts/${rolloutId}/approve`;
    const own = await one.post(path, body, alices.secret);
    expect(own).toMatchObject({ statusCode: 403, json: { code: 'forbidden' } });
    const other = await one.post(path, body, ci.secret);
    expect(other).toMatchObject({ statusCode: 200, json: { approval: { given: ['ci'] } } });
    const { history } = await one.world.rollout(rolloutId);
    expect(history.find(({ what }) => what === 'approved')?.detail).toBe(
      `${planDigest}, 1 of 1, by webhook`,
    );
  });
});

describe('high risk', () => {
  const ci = signing(aClient({ id: 'ci' }), 4);
  const risky = { always: false, highRisk: { aboveInstances: 1, tags: {} } };

  test('is approved in no chat, which names the command that does it', async ({ expect }) => {
    const team = aTeam(risky, { more: { clients: [ci] } });
    const rollout = await waiting(team);
    const { rolloutId, planDigest } = rollout;
    expect(rollout.approval).toMatchObject({ isHighRisk: true });
    for (const account of ['slack:bob', 'feishu:bob', 'dingtalk:carol']) {
      const card = await team.say(account, approve(rollout));
      expect(wordsOf(card)).toContain(`npx latchkey approve ${rolloutId}`);
    }
    expect(calls(team)).toBe(0);
    const body = { rolloutId, action: 'approve', planDigest };
    const reply = await team.post(`/rollouts/${rolloutId}/approve`, body, ci.secret);
    expect(reply).toMatchObject({ statusCode: 200, json: { approval: { state: 'approved' } } });
    expect(calls(team)).toBe(1);
  });

  test('may be denied in any chat', async ({ expect }) => {
    const team = aTeam(risky, { more: { clients: [ci] } });
    const rollout = await waiting(team);
    await team.say('dingtalk:bob', deny(rollout));
    expect((await team.world.rollout(rollout.rolloutId)).approval?.state).toBe('denied');
  });
});

describe('DingTalk, which does not sign what is written', () => {
  test('is enough for a few instances, and not for more', async ({ expect }) => {
    const few = aTeam({}, { instances: 20 });
    const small = await waiting(few);
    await few.say('dingtalk:bob', approve(small));
    expect((await few.world.rollout(small.rolloutId)).approval?.state).toBe('approved');
    const many = aTeam({}, { instances: 21 });
    const large = await waiting(many);
    const card = await many.say('dingtalk:bob', approve(large));
    expect(wordsOf(card)).toContain('DingTalk is enough for 20 instances, and these are 21');
    expect((await many.world.rollout(large.rolloutId)).approval?.state).toBe('waiting');
    await many.say('slack:bob', approve(large));
    expect((await many.world.rollout(large.rolloutId)).approval?.state).toBe('approved');
  });
});

describe('the first decision counts', () => {
  test('and whoever comes later is told whose it was', async ({ expect }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    await team.say('slack:bob', approve(rollout));
    const late = await team.say('slack:carol', approve(rollout));
    expect(wordsOf(late)).toContain('it was approved by bob');
    const no = await team.say('slack:carol', deny(rollout));
    expect(wordsOf(no)).toContain('it was approved by bob');
  });

  test('a no like a yes', async ({ expect }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    await team.say('slack:carol', deny(rollout));
    for (const command of [approve(rollout), deny(rollout)]) {
      const late = await team.say('slack:bob', command);
      expect(wordsOf(late)).toContain('it was denied by carol');
    }
  });

  test('also when both come at once', async ({ expect }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    await team.deliver(
      team.anOrder('slack:bob', approve(rollout)),
      team.anOrder('slack:carol', deny(rollout)),
    );
    const titles = team.answers().map(({ card }) => card.tone);
    expect(titles.toSorted()).toEqual(['bad', 'good']);
  });
});

describe('a plan that is another one by now', () => {
  test('ends the approval, says what changed, and nothing is attached', async ({ expect }) => {
    const team = aTeam();
    const rollout = await waiting(team);
    team.world.ecs.release('i-1');
    const card = await team.say('slack:bob', approve(rollout));
    expect(card.title).toBe('Refused: plan changed');
    expect(wordsOf(card)).toContain('changed: i-1 not-found, none instead of attach, reboot');
    const after = await team.world.rollout(rollout.rolloutId);
    expect(after).toMatchObject({
      phase: 'done',
      approval: { state: 'changed', given: [] },
      instances: [
        { attach: { kind: 'skipped', reason: 'plan-changed' } },
        { attach: { kind: 'skipped', reason: 'plan-changed' } },
      ],
    });
    expect(after.history.find(({ what }) => what === 'plan changed')).toMatchObject({
      detail: 'changed: i-1 not-found, none instead of attach, reboot',
    });
    expect(calls(team)).toBe(0);
    const late = await team.say('slack:carol', approve(rollout));
    expect(wordsOf(late)).toContain('its plan had changed when it was approved');
  });

  test('is told the webhook with the whole difference, each time that it is asked', async ({
    expect,
  }) => {
    const ci = signing(aClient({ id: 'ci' }), 4);
    const team = aTeam({}, { more: { clients: [ci] } });
    const { rolloutId, planDigest } = await waiting(team);
    team.world.ecs.change('i-0', { keyPairName: 'ops' });
    const body = { rolloutId, action: 'approve', planDigest };
    const reply = await team.post(`/rollouts/${rolloutId}/approve`, body, ci.secret);
    expect(reply).toMatchObject({
      statusCode: 409,
      json: {
        code: 'plan-changed',
        planDigest: expect.stringMatching(/^sha256:/),
        difference: {
          changed: [
            {
              instanceId: 'i-0',
              expected: ['attach', 'reboot'],
              now: ['already-attached', 'none'],
            },
          ],
        },
      },
    });
    expect(reply.json.planDigest).not.toBe(planDigest);
  });

  test('is found by its selector too, which is resolved again', async ({ expect }) => {
    const team = anOrderWorld(
      [
        { instanceId: 'i-0', tags: { team: 'web' } },
        { instanceId: 'i-1', tags: {} },
      ],
      { people: [someone('alice', { approval: anApprovalRule() }), someone('bob')] },
    );
    const selector = aSelector({ tags: { team: 'web' } });
    await team.say('slack:alice', team.asking({ instanceIds: [], selector }));
    const rollout = team.rollouts().at(-1)!;
    expect(rollout.instances).toHaveLength(1);
    team.world.ecs.change('i-1', { tags: { team: 'web' } });
    const card = await team.say('slack:bob', approve(rollout));
    expect(wordsOf(card)).toContain('added: i-1 attach, reboot');
  });

  test('is one that the policy does not permit any more', async ({ expect }) => {
    const people = [
      someone('alice', { approval: anApprovalRule(), maxInstances: 1 }),
      someone('bob'),
    ];
    for (const [change, why] of [
      [{ people }, 'person "alice" may not ask for 2 instances: the limit is 1'],
      [{ people: [someone('bob')] }, 'the policy no longer knows "alice"'],
    ] as const) {
      const team = aTeam();
      const rollout = await waiting(team);
      team.deploy(change);
      const card = await team.say('slack:bob', approve(rollout));
      expect(wordsOf(card)).toContain(why);
      expect((await team.world.rollout(rollout.rolloutId)).approval?.state).toBe('changed');
    }
  });

  test('is one with an instance that the requester may not touch any more', async ({ expect }) => {
    const tags = { team: 'web' };
    const approval = anApprovalRule();
    const team = anOrderWorld([{ instanceId: 'i-0', tags }], {
      people: [someone('alice', { approval, tags }), someone('bob')],
    });
    const rollout = await waiting(team);
    team.world.ecs.change('i-0', { tags: {} });
    const card = await team.say('slack:bob', approve(rollout));
    expect(wordsOf(card)).toContain('"i-0" does not carry the tags that person "alice" may touch');
    expect(calls(team)).toBe(0);
  });

  test('is an undo’s as well', async ({ expect }) => {
    const team = aTeam({ always: false, aboveInstances: 1 });
    await team.world.ask({}, 'msg_1');
    const [undone] = team.rollouts();
    await team.world.settle();
    await team.say('slack:alice', { kind: 'undo', rolloutId: undone!.rolloutId, dryRun: false });
    // Nothing was bound before, and nothing may be detached.
    expect(team.rollouts().at(-1)!.approval).toBeNull();
    team.deploy({ allowDetach: true });
    await team.say('slack:alice', { kind: 'undo', rolloutId: undone!.rolloutId, dryRun: false });
    const undo = team.rollouts().find(({ approval }) => approval?.state === 'waiting')!;
    expect(undo.request.undoes).toBe(undone!.rolloutId);
    team.world.ecs.change('i-0', { keyPairName: 'old' });
    const card = await team.say('slack:bob', approve(undo));
    expect(wordsOf(card)).toContain('i-0 changed, none');
    expect(team.world.ecs.calls['DetachKeyPair']).toBeUndefined();
  });

  test('cannot be told from the same one while the cloud does not answer: it waits', async ({
    expect,
  }) => {
    let isDown = false;
    const ecs = (of: Ecs): Ecs =>
      withMethods(of, {
        describeInstances: async (ids) => {
          if (isDown) throw new LatchkeyError('unavailable', 'Cannot describe: down');
          return of.describeInstances(ids);
        },
      });
    const team = aTeam({}, { more: { ecs } });
    const rollout = await waiting(team);
    isDown = true;
    const order = team.anOrder('slack:bob', approve(rollout));
    await team.deliver(order);
    expect(team.answers()).toEqual([]);
    expect(await team.world.rollout(rollout.rolloutId)).toEqual(rollout);
    isDown = false;
    team.world.pass(15_000);
    await team.deliverBodies(team.world.queue.receive(100));
    expect(team.answers()).toMatchObject([{ card: { tone: 'good' } }]);
    expect((await team.world.rollout(rollout.rolloutId)).approval?.state).toBe('approved');
  });
});

test('whoever decides is told what is stopped and what is replaced, with fingerprints', async ({
  expect,
}) => {
  const team = anOrderWorld(
    [
      { instanceId: 'i-0', keyPairName: 'old' },
      { instanceId: 'i-1', keyPairName: 'old', status: 'Stopped' },
      { instanceId: 'i-2', keyPairName: 'gone' },
      { instanceId: 'i-3', keyPairName: 'ops' },
      { instanceId: 'i-4', keyPairName: 'older', osType: 'windows' },
    ],
    { people: [someone('alice', { approval: anApprovalRule() })] },
  );
  await team.say('slack:alice', team.asking({ restartAlreadyAttached: true }));
  expect(team.rollouts().at(-1)!.approval?.facts).toEqual({
    stopped: 1,
    replaces: [
      { name: 'old', fingerprint: 'fp-old' },
      { name: 'gone', fingerprint: '' },
    ],
  });
});
