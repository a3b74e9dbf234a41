import { describe, test } from 'vitest';
import { jsonLog } from '../../../shared/outbound/log.ts';
import { NOW_MS } from '../../models/builders.ts';
import { anHttpEvent, BODY, context, SECRET_TEXT } from '../../models/http-event.ts';
import { aService } from '../../support/attach-service.ts';

describe('POST /rollouts', () => {
  test('answers with every outcome, in the order of the request', async ({ expect }) => {
    const { send } = aService([
      { instanceId: 'i-a', keyPairName: 'old' },
      { instanceId: 'i-b', osType: 'windows' },
      { instanceId: 'i-c', status: 'Pending' },
    ]);
    const instanceIds = ['i-c', 'i-none', 'i-a', 'i-b', 'i-a'];
    const { statusCode, json } = await send(anHttpEvent({ body: { ...BODY, instanceIds } }));

    expect(statusCode).toBe(202);
    expect(json).toMatchObject({
      status: 'attaching',
      keyPair: { name: 'ops', fingerprint: 'fp-ops' },
      totalCount: 4,
      attachedCount: 1,
      failCount: 0,
      skipCount: 2,
      unknownCount: 0,
      waitingCount: 1,
      warnings: [
        'password login is turned off on 2 instances',
        'key pair old is replaced on 1 instance',
      ],
    });
    expect(json.results).toMatchObject([
      { instanceId: 'i-c', kind: 'waiting', reason: 'pending' },
      { instanceId: 'i-none', kind: 'skipped', reason: 'not-found' },
      { instanceId: 'i-a', kind: 'attached', previousKeyPairName: 'old', next: 'reboot' },
      { instanceId: 'i-b', kind: 'skipped', reason: 'windows', next: 'none' },
    ]);
  });

  test('answers 200 when nothing is left to do', async ({ expect }) => {
    const { send } = aService();
    const { statusCode, json } = await send(anHttpEvent({ body: { ...BODY, restart: 'never' } }));
    expect(statusCode).toBe(200);
    expect(json).toMatchObject({ status: 'done', attachedCount: 1 });
  });

  test('a dry run shows the plan and changes nothing', async ({ expect }) => {
    const { send, world } = aService();
    const { statusCode, json } = await send(anHttpEvent({ body: { ...BODY, dryRun: true } }));
    expect(statusCode).toBe(200);
    expect(json).toMatchObject({
      status: 'dry-run',
      planDigest: expect.stringMatching(/^sha256:/),
      wave: { current: 0, of: 1 },
      budget: { limit: 1, haltAfter: 1 },
      waitingCount: 1,
    });
    expect(json.rolloutId).toBeUndefined();
    expect(world.ecs.look('i-a').keyPairName).toBeNull();
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('takes every limit, and tells what they come to', async ({ expect }) => {
    const instanceIds = ['i-a', 'i-b', 'i-c', 'i-d'];
    const { send } = aService(instanceIds.map((instanceId) => ({ instanceId })));
    const pace = { maxUnavailable: '50%', ramp: 'canary', haltAfterFailures: 2, bakeSeconds: 5 };
    const body = { ...BODY, ...pace, instanceIds, attach: 'wave', approveWithinSeconds: 60 };
    const { statusCode, json } = await send(anHttpEvent({ body }));
    expect(statusCode).toBe(202);
    expect(json).toMatchObject({
      status: 'waiting',
      control: { kind: 'going' },
      approval: { state: 'waiting', untilMs: NOW_MS + 60_000, by: '' },
      wave: { current: 0, of: 3 },
      budget: { limit: 2, unavailable: 0, failures: 0, haltAfter: 2 },
      waitingFor: 'approval',
      waitingUntilMs: NOW_MS + 60_000,
      expectedEndMs: null,
      healthGate: 'none: the bake time stands alone',
      waitingCount: 4,
    });
  });

  test('a plan digest from a dry run is accepted, another one is refused', async ({ expect }) => {
    const { post } = aService();
    const dry = await post('/rollouts', { ...BODY, dryRun: true });
    const expectedPlanDigest = dry.json.planDigest;
    const other = `sha256:${'0'.repeat(64)}`;
    const refused = await post('/rollouts', { ...BODY, expectedPlanDigest: other });
    expect(refused).toMatchObject({ statusCode: 409, json: { code: 'plan-changed' } });
    const taken = await post('/rollouts', { ...BODY, expectedPlanDigest });
    expect(taken.statusCode).toBe(202);
  });

  test('the same request again shows the rollout, another one under its id is refused', async ({
    expect,
  }) => {
    const { send } = aService();
    const first = await send(anHttpEvent());
    const again = await send(anHttpEvent());
    expect(again.json.rolloutId).toBe(first.json.rolloutId);
    const other = await send(anHttpEvent({ body: { ...BODY, note: 'another' } }));
    expect(other).toMatchObject({ statusCode: 409, json: { code: 'conflict' } });
  });

  const tooMany = Array.from({ length: 1_001 }, (_, n) => `i-${n}`);
  test.for([
    ['JSON that is cut', { body: '{"regionId":' }, 400, undefined],
    ['no JSON at all', { body: 'hello' }, 400, undefined],
    ['a list', { body: [] }, 422, undefined],
    ['another region', { body: { ...BODY, regionId: 'cn-beijing' } }, 422, '/regionId'],
    ['1,001 instances', { body: { ...BODY, instanceIds: tooMany } }, 422, '/instanceIds'],
    ['no instances', { body: { ...BODY, instanceIds: [] } }, 422, '/instanceIds'],
    [
      'an id that is none',
      { body: { ...BODY, instanceIds: ['i-a', '; rm'] } },
      422,
      '/instanceIds/1',
    ],
    ['ids that are no list', { body: { ...BODY, instanceIds: 'i-a' } }, 422, '/instanceIds'],
    ['a number for a name', { body: { ...BODY, keyPairName: 7 } }, 422, '/keyPairName'],
    [
      'a key pair that the client may not attach',
      { body: { ...BODY, keyPairName: 'none' } },
      403,
      '/keyPairName',
    ],
    ['no "restart"', { body: { ...BODY, restart: undefined } }, 422, '/restart'],
    ['a field that is unknown', { body: { ...BODY, force: true } }, 422, '/force'],
    ['a limit that is none', { body: { ...BODY, maxUnavailable: '0%' } }, 422, '/maxUnavailable'],
    ['what is not served', { body: { ...BODY, selector: {} } }, 422, '/selector'],
    ['a body that is too large', { body: { ...BODY, note: 'x'.repeat(70_000) } }, 413, undefined],
    ['a length that is too large', { headers: { 'Content-Length': '70000' } }, 413, undefined],
    [
      'a form',
      { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      undefined,
    ],
    ['no content type', { headers: { 'Content-Type': undefined } }, 415, undefined],
    ['no signature', { headers: { 'Webhook-Signature': undefined } }, 401, undefined],
    ['another secret', { secret: `whsec_${'A'.repeat(32)}` }, 401, undefined],
    ['an old timestamp', { timestampSec: NOW_MS / 1_000 - 301 }, 401, undefined],
    ['a timestamp from the future', { timestampSec: NOW_MS / 1_000 + 301 }, 401, undefined],
    ['a body other than the signed one', { signed: '{}' }, 401, undefined],
    ['another method', { method: 'DELETE' }, 405, undefined],
    ['another path', { path: '/rollout' }, 404, undefined],
  ] as const)('refuses %s, and does nothing', async ([, over, status, pointer], { expect }) => {
    const { send, world } = aService();
    const reply = await send(anHttpEvent(over));

    expect(reply.statusCode).toBe(status);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.json).toMatchObject({ status, instance: context.requestId });
    expect(reply.json.detail).toMatch(/^Cannot /);
    if (pointer !== undefined) {
      expect(reply.json.errors.map((one: { pointer: string }) => one.pointer)).toContain(pointer);
    }
    expect(world.ecs.calls['AttachKeyPair']).toBeUndefined();
    expect(await world.rollouts.open()).toEqual([]);
  });

  test('names every fault of a request, not only the first', async ({ expect }) => {
    const { send } = aService();
    const { json } = await send(anHttpEvent({ body: { restart: 'maybe', instanceIds: [] } }));
    expect(json.errors.map((one: { pointer: string }) => one.pointer).toSorted()).toEqual([
      '/instanceIds',
      '/keyPairName',
      '/regionId',
      '/restart',
    ]);
  });

  test('a bug is answered without its inside, and logged', async ({ expect }) => {
    const events: string[] = [];
    const { send } = aService([{}], {
      ecs: (ecs) => ({ ...ecs, findKeyPair: () => Promise.reject(new TypeError('inside')) }),
      log: (level, event) => events.push(`${level} ${event}`),
    });
    const reply = await send(anHttpEvent());
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('inside');
    expect(events).toContain('error bug');
  });
});

describe('GET /rollouts/{id}', () => {
  test('shows the rollout to whoever signs the path', async ({ expect }) => {
    const { send, world } = aService();
    const { json } = await send(anHttpEvent());
    await world.settle();
    const path = `/rollouts/${json.rolloutId}`;
    const seen = await send(
      anHttpEvent({ method: 'GET', path, timestampSec: Math.floor(world.now() / 1_000) }),
    );
    expect(seen.statusCode).toBe(200);
    expect(seen.json).toMatchObject({ rolloutId: json.rolloutId, status: 'done' });
    expect(seen.json.results[0].restart).toMatchObject({ kind: 'ready', attempt: 1 });
    expect(seen.json.history.map((one: { what: string }) => one.what)).toEqual([
      'created',
      'attached',
      'wave started',
      'rebooted',
      'ready',
      'done',
    ]);
  });

  test('tells a stranger nothing but 401, whether it exists or not', async ({ expect }) => {
    const { send } = aService();
    const { json } = await send(anHttpEvent());
    for (const id of [json.rolloutId, 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa']) {
      const event = anHttpEvent({ method: 'GET', path: `/rollouts/${id}`, signed: 'GET /other' });
      expect((await send(event)).statusCode).toBe(401);
    }
  });

  test.for(['ro-aaaaaaaaaaaaaaaaaaaaaaaaaa', 'x'])('answers 404 for %s', async (id, { expect }) => {
    const { send } = aService();
    const reply = await send(anHttpEvent({ method: 'GET', path: `/rollouts/${id}` }));
    expect(reply.statusCode).toBe(404);
  });
});

test('GET /healthz needs no signature', async ({ expect }) => {
  const { send } = aService();
  const event = anHttpEvent({
    method: 'GET',
    path: '/healthz',
    headers: { 'Webhook-Signature': undefined },
  });
  expect(await send(event)).toMatchObject({ statusCode: 200, json: { status: 'ok' } });
});

test.for([
  ['PUT', '/rollouts', 'GET, POST'],
  ['HEAD', '/healthz', 'GET, POST'],
  ['GET', '/go', 'POST'],
  ['POST', '/rollouts/ro-aaaaaaaaaaaaaaaaaaaaaaaaaa', 'GET'],
] as const)('%s %s is told which methods are right', async ([method, path, allow], { expect }) => {
  const { send } = aService();
  const reply = await send(anHttpEvent({ method, path }));
  expect(reply).toMatchObject({ statusCode: 405, headers: { allow } });
});

test('what is no HTTP event is refused, not thrown', async ({ expect }) => {
  const { send } = aService();
  expect((await send(Buffer.from('no event'))).statusCode).toBe(400);
  expect((await send(Buffer.from('{}'))).statusCode).toBe(400);
});

test('no answer and no log line holds a secret or a signature', async ({ expect }) => {
  const lines: string[] = [];
  const signature = /"(v1,[^"]+)"/.exec(anHttpEvent().toString())![1]!;
  const { send } = aService([{}], {
    ecs: (ecs) => ({
      ...ecs,
      findKeyPair: () => Promise.reject(new TypeError(`at ${SECRET_TEXT} and ${signature}`)),
    }),
    log: jsonLog({ level: 'debug', write: (line) => lines.push(line) }),
  });
  const answers = [await send(anHttpEvent()), await send(anHttpEvent({ signed: 'x' }))];
  expect(lines.join('\n')).toContain('TypeError');
  const said = lines.join('\n') + answers.map(({ body }) => body).join('\n');
  expect(said).not.toContain(SECRET_TEXT.slice(6));
  expect(said).not.toMatch(/v1,[A-Za-z0-9+/]{20}/);
});
