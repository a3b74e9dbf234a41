import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { anHttpEvent } from '../../models/http-event.ts';
import { aFleet, aService } from '../../support/attach-service.ts';

const STOP = { action: 'stop', reason: 'the load balancer is on fire' };

test('after POST /stop nothing is restarted, and GET /stop says who, when and why', async ({
  expect,
}) => {
  const service = aService(aFleet(2));
  const { world, post, get } = service;
  const rolloutId = await service.begin();
  const stopped = await post('/stop', STOP);
  const stop = { by: 'ci msg_2', atMs: world.now(), reason: STOP.reason };
  expect(stopped).toMatchObject({ statusCode: 200, json: { stop, openRollouts: 1 } });
  await world.settle();
  expect(world.ecs.calls['RebootInstances']).toBeUndefined();
  expect((await get('/stop')).json).toEqual({ stop, openRollouts: 1 });
  const { json } = await get(`/rollouts/${rolloutId}`);
  expect(json).toMatchObject({ status: 'stopped', waitingFor: 'stopped', expectedEndMs: null });
  expect(json.nextCalls).toEqual([
    {
      to: 'let every rollout go on',
      method: 'POST',
      path: '/go',
      body: { action: 'go' },
    },
  ]);
});

test('POST /go wakes every rollout that is open, and they come to their ends', async ({
  expect,
}) => {
  const service = aService(aFleet(2));
  const { world, post, get } = service;
  await post('/stop', STOP);
  const first = await service.begin({ instanceIds: ['i-a'] });
  const second = await service.begin({ instanceIds: ['i-b'] });
  await world.settle();
  expect(await post('/go', { action: 'go' })).toMatchObject({
    statusCode: 200,
    json: { stop: null, openRollouts: 2 },
  });
  // By messages alone: the timer has nothing to do with it.
  await world.settle();
  for (const id of [first, second]) {
    expect((await get(`/rollouts/${id}`)).json.status).toBe('done');
  }
  expect((await get('/stop')).json).toEqual({ stop: null, openRollouts: 0 });
});

test('go without a stop does no harm, nor does a queue that takes no message', async ({
  expect,
}) => {
  const service = aService([{}], {
    queue: () => ({
      send: async (messages) =>
        messages.map(() => new LatchkeyError('unavailable', 'Cannot send: no')),
    }),
  });
  await service.begin();
  const reply = await service.post('/go', { action: 'go' });
  expect(reply).toMatchObject({ statusCode: 200, json: { stop: null, openRollouts: 1 } });
});

test('a stop that is delivered again is the same stop; another one takes its place', async ({
  expect,
}) => {
  const { world, post } = aService();
  const first = await post('/stop', STOP, { id: 'one' });
  world.pass(1_000);
  const again = await post('/stop', STOP, { id: 'one' });
  expect(again.json).toEqual(first.json);
  const other = await post('/stop', { ...STOP, reason: 'and the database' });
  expect(other.json.stop).toMatchObject({ reason: 'and the database', atMs: world.now() });
});

test.for<[string, string, unknown, string[]]>([
  ['a stop without a reason', '/stop', { action: 'stop' }, ['/reason']],
  ['a stop with an empty reason', '/stop', { ...STOP, reason: ' ' }, ['/reason']],
  ['a reason of two lines', '/stop', { ...STOP, reason: 'a\nb' }, ['/reason']],
  ['a go at /stop', '/stop', { ...STOP, action: 'go' }, ['/action']],
  ['a stop at /go', '/go', { action: 'stop' }, ['/action']],
  ['a go with a reason', '/go', { action: 'go', reason: 'fine' }, ['/reason']],
  ['an empty go', '/go', {}, ['/action']],
])('%s is refused, and changes nothing', async ([, path, body, pointers], { expect }) => {
  const { world, post } = aService();
  await world.ports.stop.set({ by: 'somebody', atMs: 1, reason: 'before' });
  const reply = await post(path, body);
  expect(reply.statusCode).toBe(422);
  expect(reply.json.errors.map((one: { pointer: string }) => one.pointer)).toEqual(pointers);
  expect(await world.ports.stop.read()).toEqual({ by: 'somebody', atMs: 1, reason: 'before' });
});

test('stop and go must be signed, and looking as well', async ({ expect }) => {
  const { send, world } = aService();
  const events = [
    anHttpEvent({ path: '/stop', body: STOP, signed: 'x' }),
    anHttpEvent({ path: '/go', body: { action: 'go' }, signed: 'x' }),
    anHttpEvent({ method: 'GET', path: '/stop', signed: 'GET /rollouts' }),
  ];
  for (const event of events) expect((await send(event)).statusCode).toBe(401);
  expect(await world.ports.stop.read()).toBeNull();
});
