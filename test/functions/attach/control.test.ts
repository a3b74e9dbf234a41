import { describe, test } from 'vitest';
import { anHttpEvent } from '../../models/http-event.ts';
import { aFleet, APPROVER_SECRET, aService, refusing } from '../../support/attach-service.ts';

type Service = ReturnType<typeof aService>;

const NOBODY = 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa';

/** Lets the canary `i-a` fail, so that the rollout halts before the others. */
async function aHaltedRollout(change: Readonly<Record<string, unknown>> = {}) {
  const broken = new Set(['i-a']);
  const service = aService(aFleet(4), { ecs: refusing(broken) });
  const rolloutId = await service.begin({ maxUnavailable: '50%', ...change });
  await service.world.settle();
  return { ...service, rolloutId, broken };
}

const statusOf = async ({ get }: Pick<Service, 'get'>, rolloutId: string) =>
  (await get(`/rollouts/${rolloutId}`)).json.status;

describe('pause, resume, abort', () => {
  test('paused before its first restart, a rollout restarts nothing until resumed', async ({
    expect,
  }) => {
    const service = aService(aFleet(2));
    const { control, world } = service;
    const rolloutId = await service.begin();
    const paused = await control(rolloutId, 'pause');
    expect(paused.statusCode).toBe(200);
    expect(paused.json).toMatchObject({
      rolloutId,
      status: 'paused',
      control: { kind: 'paused', cause: 'paused', by: 'ci msg_2', atMs: world.now() },
      waitingFor: 'paused',
    });
    await world.settle();
    expect(world.ecs.calls['RebootInstances']).toBeUndefined();

    const resumed = await control(rolloutId, 'resume');
    expect(resumed).toMatchObject({ statusCode: 200, json: { status: 'restarting' } });
    await world.settle();
    expect(await statusOf(service, rolloutId)).toBe('done');
    expect(world.ecs.calls['RebootInstances']).toBe(2);
  });

  test('aborted, it ends, restarts nothing, and lists what is bound only', async ({ expect }) => {
    const service = aService(aFleet(2));
    const rolloutId = await service.begin();
    expect((await service.control(rolloutId, 'abort')).statusCode).toBe(200);
    await service.world.settle();
    const { json } = await service.get(`/rollouts/${rolloutId}`);
    expect(json).toMatchObject({
      status: 'done',
      control: { kind: 'aborted' },
      boundOnly: ['i-a', 'i-b'],
      restarting: [],
      nextCalls: [],
      expectedEndMs: null,
    });
    expect(json.results[1].restart).toEqual({
      kind: 'dropped',
      how: 'reboot',
      attempt: 0,
      why: 'aborted',
    });
    expect(service.world.ecs.calls['RebootInstances']).toBeUndefined();
  });

  test('no command restarts anything itself: that is for the function that may', async ({
    expect,
  }) => {
    const service = await aHaltedRollout();
    const { rolloutId, control, world } = service;
    const before = world.ecs.calls['RebootInstances'];
    await control(rolloutId, 'resume');
    await control(rolloutId, 'resolve', { as: 'retry', instanceIds: ['i-a'] });
    expect(world.ecs.calls['RebootInstances']).toBe(before);
  });
});

describe('a halted rollout', () => {
  test('names its cause, what is bound only, and calls that are accepted as they stand', async ({
    expect,
  }) => {
    const { get, rolloutId } = await aHaltedRollout();
    const { json } = await get(`/rollouts/${rolloutId}`);
    expect(json).toMatchObject({
      status: 'halted',
      control: { kind: 'halted', cause: 'the canary i-a failed', by: '' },
      wave: { current: 1, of: 3 },
      budget: { limit: 2, unavailable: 1, failures: 1, haltAfter: 1 },
      restarting: [],
      waitingFor: 'halted',
      waitingUntilMs: null,
      expectedEndMs: null,
      boundOnly: ['i-b', 'i-c', 'i-d'],
    });
    expect(json.results[0]).toMatchObject({
      wave: 1,
      restart: {
        kind: 'failed',
        code: 'OperationDenied',
        advice: 'read the message, then resolve it as retry or skip',
        runningAtMs: null,
      },
    });
    expect(json.results[1]).toMatchObject({ wave: 0, next: 'reboot', restart: { kind: 'due' } });

    expect(json.nextCalls.map(({ path }: { path: string }) => path.split('/').at(-1))).toEqual([
      'resolve',
      'resolve',
      'resume',
      'abort',
    ]);
    for (const index of json.nextCalls.keys()) {
      const again = await aHaltedRollout();
      const { nextCalls } = (await again.get(`/rollouts/${again.rolloutId}`)).json;
      const { method, path, body } = nextCalls[index];
      expect(method).toBe('POST');
      expect((await again.post(path, body)).statusCode).toBe(200);
    }
  });

  test('once aborted, offers no other restart', async ({ expect }) => {
    const { get, control, rolloutId } = await aHaltedRollout();
    await control(rolloutId, 'abort');
    const { json } = await get(`/rollouts/${rolloutId}`);
    expect(json.nextCalls).toEqual([
      {
        to: 'leave these as they are',
        method: 'POST',
        path: `/rollouts/${rolloutId}/resolve`,
        body: { rolloutId, action: 'resolve', as: 'skip', instanceIds: ['i-a'] },
      },
    ]);
    expect(json.boundOnly).toEqual(['i-b', 'i-c', 'i-d']);
  });

  test('goes on with a fresh budget when resumed, and ends', async ({ expect }) => {
    const { get, control, world, rolloutId } = await aHaltedRollout();
    const resumed = await control(rolloutId, 'resume');
    expect(resumed.json.budget).toMatchObject({ failures: 0, unavailable: 1 });
    await world.settle();
    const { json } = await get(`/rollouts/${rolloutId}`);
    expect(json).toMatchObject({ status: 'done', boundOnly: [] });
    expect(json.history).toContainEqual(
      expect.objectContaining({ what: 'resumed', by: expect.stringMatching(/^ci msg_\d+$/) }),
    );
  });

  test('a failed restart is tried again once somebody resolves it so', async ({ expect }) => {
    const { get, control, world, rolloutId, broken } = await aHaltedRollout();
    broken.clear();
    await control(rolloutId, 'resolve', { as: 'retry', instanceIds: ['i-a'] });
    await control(rolloutId, 'resume');
    await world.settle();
    const { json } = await get(`/rollouts/${rolloutId}`);
    expect(json.status).toBe('done');
    expect(json.results[0].restart).toMatchObject({ kind: 'ready', attempt: 2, proof: 'observed' });
  });
});

describe('resolve', () => {
  test('takes up again a rollout that is over', async ({ expect }) => {
    const broken = new Set(['i-a']);
    const service = aService(aFleet(1), { ecs: refusing(broken) });
    const rolloutId = await service.begin();
    await service.world.settle();
    const over = (await service.get(`/rollouts/${rolloutId}`)).json;
    expect(over.status).toBe('done');
    broken.clear();
    const { method: _method, path, body } = over.nextCalls[0];
    expect((await service.post(path, body)).statusCode).toBe(200);
    await service.world.settle();
    const { json } = await service.get(`/rollouts/${rolloutId}`);
    expect(json.results[0].restart).toMatchObject({ kind: 'ready', attempt: 2 });
    expect(json.nextCalls).toEqual([]);
  });

  test('delivered twice, it permits one more restart, whatever came of the first', async ({
    expect,
  }) => {
    const { world, ...service } = aService(aFleet(1), { ecs: refusing(new Set(['i-a'])) });
    const rolloutId = await service.begin();
    await world.settle();
    const fields = { as: 'retry', instanceIds: ['i-a'] };
    await service.control(rolloutId, 'resolve', fields, { id: 'once' });
    await world.settle();
    const again = await service.control(rolloutId, 'resolve', fields, { id: 'once' });
    expect(again.statusCode).toBe(200);
    await world.settle();
    const { json } = await service.get(`/rollouts/${rolloutId}`);
    expect(json.results[0].restart).toMatchObject({ kind: 'failed', attempt: 2 });
  });

  test('skip leaves the instance as it is', async ({ expect }) => {
    const { control, rolloutId } = await aHaltedRollout();
    const fields = { as: 'skip', instanceIds: ['i-a'] };
    const { json } = await control(rolloutId, 'resolve', fields);
    expect(json.results[0].restart).toMatchObject({ kind: 'dropped', why: 'skipped' });
    // It has not been seen Running since, whatever it was settled as.
    expect(json.budget).toMatchObject({ unavailable: 1, failures: 0 });
  });
});

describe('approve and deny', () => {
  const approveWithinSeconds = 600;

  test('nothing is done before it is approved; then it goes on to its end', async ({ expect }) => {
    const service = aService(aFleet(2));
    const { world, control } = service;
    const rolloutId = await service.begin({ approveWithinSeconds });
    const waiting = (await service.get(`/rollouts/${rolloutId}`)).json;
    expect(waiting.nextCalls).toEqual([
      {
        to: 'begin',
        method: 'POST',
        path: `/rollouts/${rolloutId}/approve`,
        body: { rolloutId, action: 'approve', planDigest: waiting.planDigest },
      },
      {
        to: 'do nothing',
        method: 'POST',
        path: `/rollouts/${rolloutId}/deny`,
        body: { rolloutId, action: 'deny' },
      },
    ]);
    expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();

    const { planDigest } = waiting;
    const approved = await control(
      rolloutId,
      'approve',
      { planDigest },
      { secret: APPROVER_SECRET },
    );
    expect(approved.json).toMatchObject({
      status: 'restarting',
      attachedCount: 2,
      approval: { state: 'approved', by: 'approver msg_3' },
    });
    await world.settle();
    expect(await statusOf(service, rolloutId)).toBe('done');
  });

  test('another plan than this one is not approved', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin({ approveWithinSeconds });
    const planDigest = `sha256:${'0'.repeat(64)}`;
    const reply = await service.control(
      rolloutId,
      'approve',
      { planDigest },
      { secret: APPROVER_SECRET },
    );
    expect(reply).toMatchObject({ statusCode: 409, json: { code: 'conflict' } });
    expect(reply.json.detail).toMatch(
      new RegExp(`^Cannot approve rollout "${rolloutId}": its plan is sha256:`),
    );
    expect(await statusOf(service, rolloutId)).toBe('waiting');
  });

  test('too late is a no, also when the timer has not come by yet', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin({ approveWithinSeconds });
    const { planDigest } = (await service.get(`/rollouts/${rolloutId}`)).json;
    service.world.pass(approveWithinSeconds * 1_000);
    const reply = await service.control(
      rolloutId,
      'approve',
      { planDigest },
      { secret: APPROVER_SECRET },
    );
    expect(reply).toMatchObject({
      statusCode: 409,
      json: { detail: `Cannot approve rollout "${rolloutId}": nobody approved it in time` },
    });
    await service.world.settle();
    const { json } = await service.get(`/rollouts/${rolloutId}`);
    expect(json).toMatchObject({ status: 'done', approval: { state: 'expired' } });
  });

  test('denied, it ends without having touched anything', async ({ expect }) => {
    const service = aService(aFleet(2));
    const rolloutId = await service.begin({ approveWithinSeconds });
    const { json } = await service.control(rolloutId, 'deny');
    expect(json).toMatchObject({
      status: 'done',
      approval: { state: 'denied', by: 'ci msg_2' },
      skipCount: 2,
    });
    expect(json.results[0]).toMatchObject({ kind: 'skipped', reason: 'denied' });
    await service.world.settle();
    expect(service.world.ecs.calls['AttachKeyPair']).toBeUndefined();
  });
});

describe('what does not apply is refused, and changes nothing', () => {
  const over = async (service: Service) => {
    const rolloutId = await service.begin({ restart: 'never' });
    return rolloutId;
  };
  const going = (service: Service) => service.begin();
  const aborted = async (service: Service) => {
    const rolloutId = await service.begin();
    await service.control(rolloutId, 'abort');
    await service.world.settle();
    return rolloutId;
  };
  const planDigest = `sha256:${'0'.repeat(64)}`;
  const retry = (instanceId: string) => ({ as: 'retry', instanceIds: [instanceId] });

  test.for<
    [string, string, Record<string, unknown>, (service: Service) => Promise<string>, string]
  >([
    ['pause', 'a rollout that is over', {}, over, 'it is over'],
    ['resume', 'a rollout that is over', {}, over, 'it is over'],
    ['abort', 'a rollout that is over', {}, over, 'it is over'],
    ['resume', 'an aborted rollout', {}, aborted, 'it is over'],
    ['approve', 'what needs no approval', { planDigest }, going, 'it needs no approval'],
    ['deny', 'what needs no approval', {}, going, 'it needs no approval'],
    ['resolve', 'another instance', retry('i-z'), going, '"i-z" is not one of its instances'],
    [
      'resolve',
      'what has not failed',
      retry('i-a'),
      going,
      'the restart of "i-a" is due, neither failed nor unknown',
    ],
    ['resolve', 'an aborted rollout', retry('i-a'), aborted, 'it is aborted'],
  ])('%s %s', async ([action, , fields, begin, why], { expect }) => {
    const service = aService();
    const rolloutId = await begin(service);
    const before = await service.world.rollout(rolloutId);
    const by = { secret: APPROVER_SECRET };
    const reply = await service.control(rolloutId, action, fields, by);
    expect(reply.statusCode).toBe(409);
    expect(reply.json).toMatchObject({
      code: 'conflict',
      detail: `Cannot ${action} rollout "${rolloutId}": ${why}`,
    });
    expect(await service.world.rollout(rolloutId)).toBe(before);
  });

  test.for([NOBODY, 'x'])('a rollout that is not there: %s', async (rolloutId, { expect }) => {
    const { control } = aService();
    const reply = await control(rolloutId, 'pause');
    expect(reply.statusCode).toBe(404);
    expect(reply.json.detail).toBe(`Cannot pause "${rolloutId}": no such rollout`);
  });

  test.for<[string, string, unknown, number, string[]]>([
    ['no JSON', 'pause', '{', 400, []],
    ['an empty body', 'pause', {}, 422, ['/rolloutId', '/action']],
    ['another rollout', 'pause', { rolloutId: NOBODY, action: 'pause' }, 422, ['/rolloutId']],
    ['another action', 'pause', { action: 'abort' }, 422, ['/action']],
    ['a field that is unknown', 'abort', { action: 'abort', force: true }, 422, ['/force']],
    ['no digest', 'approve', { action: 'approve' }, 422, ['/planDigest']],
    ['a digest that is none', 'approve', { planDigest: 'x' }, 422, ['/planDigest']],
    ['no ids and no way', 'resolve', { action: 'resolve' }, 422, ['/as', '/instanceIds']],
    ['no id', 'resolve', { as: 'skip', instanceIds: [] }, 422, ['/instanceIds']],
  ])('%s', async ([, action, body, status, pointers], { expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    const before = await service.world.rollout(rolloutId);
    const isWhole = typeof body !== 'object' || Object.keys(body as object).length === 0;
    const sent = isWhole ? body : { rolloutId, action, ...(body as object) };
    const reply = await service.post(`/rollouts/${rolloutId}/${action}`, sent);
    expect(reply.statusCode).toBe(status);
    const found = (reply.json.errors ?? []).map((one: { pointer: string }) => one.pointer);
    expect(found.toSorted()).toEqual(pointers.toSorted());
    expect(await service.world.rollout(rolloutId)).toBe(before);
  });

  test('an undo of what is not over', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    const reply = await service.control(rolloutId, 'undo');
    expect(reply.statusCode).toBe(409);
    expect(reply.json.detail).toContain('it is not over');
  });

  test('an undo of what does not exist', async ({ expect }) => {
    const service = aService();
    const reply = await service.control('ro-aaaaaaaaaaaaaaaaaaaaaaaaaa', 'undo');
    expect(reply.statusCode).toBe(404);
  });

  test('a control request must be signed', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    const body = { rolloutId, action: 'abort' };
    const event = anHttpEvent({ path: `/rollouts/${rolloutId}/abort`, body, signed: '{}' });
    expect((await service.send(event)).statusCode).toBe(401);
    expect(await statusOf(service, rolloutId)).toBe('restarting');
  });
});

describe('a command that comes again', () => {
  test('is answered the same, though the rollout has moved on meanwhile', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    await service.control(rolloutId, 'pause', {}, { id: 'p' });
    await service.control(rolloutId, 'resume');
    const again = await service.control(rolloutId, 'pause', {}, { id: 'p' });
    expect(again).toMatchObject({ statusCode: 200, json: { control: { kind: 'going' } } });
  });

  test('under a new id does nothing where it is so already', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    await service.control(rolloutId, 'pause');
    const before = await service.world.rollout(rolloutId);
    expect((await service.control(rolloutId, 'pause')).statusCode).toBe(200);
    expect(await service.world.rollout(rolloutId)).toBe(before);
  });

  test('as another command under the same id is refused', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    await service.control(rolloutId, 'pause', {}, { id: 'one' });
    const reply = await service.control(rolloutId, 'abort', {}, { id: 'one' });
    expect(reply.statusCode).toBe(409);
    expect(reply.json.detail).toContain('another request came in under this id');
    expect(await statusOf(service, rolloutId)).toBe('paused');
  });

  test('as a resolve of others under the same id is refused', async ({ expect }) => {
    const broken = new Set(['i-a', 'i-b']);
    const service = aService(aFleet(2), { ecs: refusing(broken) });
    const rolloutId = await service.begin({ haltAfterFailures: 9 });
    await service.world.settle();
    await service.control(rolloutId, 'resume');
    await service.world.settle();
    const as = 'skip';
    const one = { as, instanceIds: ['i-a'] };
    const both = { as, instanceIds: ['i-a', 'i-b'] };
    expect((await service.control(rolloutId, 'resolve', one, { id: 'r' })).statusCode).toBe(200);
    expect((await service.control(rolloutId, 'resolve', both, { id: 'r' })).statusCode).toBe(409);
  });

  test('is judged again when somebody else is faster', async ({ expect }) => {
    let meanwhile: (() => Promise<unknown>) | undefined;
    const service = aService([{}], {
      rollouts: (rollouts) => ({
        create: (rollout) => rollouts.create(rollout),
        load: (id) => rollouts.load(id),
        open: () => rollouts.open(),
        close: (entry) => rollouts.close(entry),
        reopen: (entry) => rollouts.reopen(entry),
        countOpen: (client, atMost) => rollouts.countOpen(client, atMost),
        newest: (limit, after) => rollouts.newest(limit, after),
        async save(before, after) {
          const happens = meanwhile;
          meanwhile = undefined;
          await happens?.();
          return rollouts.save(before, after);
        },
      }),
    });
    const rolloutId = await service.begin();
    meanwhile = () => service.control(rolloutId, 'abort');
    const reply = await service.control(rolloutId, 'pause');
    expect(reply.statusCode).toBe(409);
    expect((await service.world.rollout(rolloutId)).control.kind).toBe('aborted');
  });
});
