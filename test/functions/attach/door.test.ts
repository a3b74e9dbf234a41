import { describe, test } from 'vitest';
import type { Action } from '../../../shared/domain/model/policy.ts';
import type { RequestLedger } from '../../../shared/domain/model/ports.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { parseWebhookSecret } from '../../../shared/contract/webhook-secret.ts';
import { jsonLog } from '../../../shared/outbound/log.ts';
import { ModelLedger } from '../../models/model-ledger.ts';
import { aClient, anOrigin, NOW_MS } from '../../models/builders.ts';
import { anHttpEvent, BODY, SECRET_TEXT, SECRETS } from '../../models/http-event.ts';
import {
  aFleet,
  APPROVER_SECRET,
  aService,
  refusing,
  twoClients,
} from '../../support/attach-service.ts';

const NOBODY = 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa';
const STOP = { action: 'stop', reason: 'fire' };
const GO = { action: 'go' };
const STRANGER = `whsec_${'A'.repeat(32)}`;
const ALL = aClient().actions;

/** Whoever may everything but these. */
const without = (...actions: readonly Action[]) =>
  twoClients({ actions: ALL.filter((one) => !actions.includes(one)) });

describe('the order of the checks', () => {
  /** The first that is at fault is what a request is refused for, whatever else is wrong with it. */
  const CHECKS = [
    ['method', 405],
    ['content type', 415],
    ['size', 413],
    ['signature', 401],
    ['id', 409],
    ['JSON', 400],
    ['schema', 422],
    ['policy', 403],
  ] as const;
  type Check = (typeof CHECKS)[number][0];

  /** A request that passes every check before `first`, and none from there on. */
  function aRequestThatFails(first: Check | 'nothing') {
    const names = CHECKS.map(([name]) => name);
    const from = first === 'nothing' ? names.length : names.indexOf(first);
    const fails = (check: Check) => names.indexOf(check) >= from;
    const valid = JSON.stringify(BODY);
    const wrong = JSON.stringify({ ...BODY, note: 7 });
    const json = fails('schema') ? wrong : valid;
    const body = fails('JSON') ? json.replace('{', '{"note":7,') : json;
    const known = fails('policy') ? SECRET_TEXT : APPROVER_SECRET;
    return {
      ...(fails('method') && { method: 'PUT' }),
      ...(fails('content type') && { headers: { 'Content-Type': 'text/plain' } }),
      body: fails('size') ? body + ' '.repeat(70_000) : body,
      secret: fails('signature') ? STRANGER : known,
      id: fails('id') ? 'taken' : 'free',
    };
  }

  test.for(CHECKS)(
    'a request whose first fault is its %s gets %i',
    async ([first, status], { expect }) => {
      const ledger = new ModelLedger();
      for (const { rule } of twoClients()) await ledger.take(rule.id, 'taken', 'another digest');
      const { send, world } = aService([{}], { clients: without('ask'), ledger });
      const reply = await send(anHttpEvent(aRequestThatFails(first)));
      expect(reply.json).toMatchObject({ status });
      expect(reply.statusCode).toBe(status);
      expect(world.ecs.calls).toEqual({});
      expect(await world.rollouts.open()).toEqual([]);
    },
  );

  test('a request without a fault passes them all', async ({ expect }) => {
    const { send } = aService([{}], { clients: without('ask') });
    expect((await send(anHttpEvent(aRequestThatFails('nothing')))).statusCode).toBe(202);
  });

  test('a signed stranger to a route gets 404 before its body is read', async ({ expect }) => {
    const { post } = aService();
    expect((await post('/nothing', '{')).statusCode).toBe(404);
    expect((await post(`/rollouts/${NOBODY}/explode`, {})).statusCode).toBe(404);
  });
});

describe('a stranger', () => {
  const PATHS = [
    '/rollouts',
    `/rollouts/${NOBODY}`,
    '/stop',
    '/go',
    '/nothing',
    '/',
    '/openapi.json',
  ];

  test('gets the same 401 wherever it knocks and whatever is missing', async ({ expect }) => {
    const { send, world } = aService();
    const signature = (value: string | undefined) => ({ headers: { 'Webhook-Signature': value } });
    const ways = [
      { secret: STRANGER },
      signature(undefined),
      signature(''),
      signature('v1,AAAA'),
      signature(`v1,${'A'.repeat(43)}=`),
      { headers: { 'Webhook-Id': undefined } },
      { headers: { 'Webhook-Id': '' } },
      { headers: { 'Webhook-Timestamp': undefined } },
      { headers: { 'Webhook-Timestamp': 'now' } },
      { id: 'with.point' },
      { id: 'x'.repeat(129) },
      { timestampSec: NOW_MS / 1_000 - 301 },
      { timestampSec: NOW_MS / 1_000 + 301 },
      { signed: 'other bytes' },
    ];
    const answers = new Set<string>();
    for (const path of PATHS) {
      for (const method of ['GET', 'POST']) {
        for (const way of ways) {
          const { statusCode, headers, body } = await send(anHttpEvent({ method, path, ...way }));
          answers.add(JSON.stringify({ statusCode, headers, body }));
        }
      }
    }
    expect([...answers]).toHaveLength(1);
    expect(JSON.parse([...answers][0]!)).toMatchObject({
      statusCode: 401,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(world.ecs.calls).toEqual({});
  });

  test.for([-300, 300])('is not who is %i s off', async (offSec, { expect }) => {
    const { send } = aService();
    const event = anHttpEvent({ timestampSec: NOW_MS / 1_000 + offSec });
    expect((await send(event)).statusCode).toBe(202);
  });

  test('learns nothing from other methods, types and sizes but what all paths tell', async ({
    expect,
  }) => {
    const { send } = aService();
    for (const over of [
      { method: 'DELETE' },
      { headers: { 'Content-Type': 'text/plain' } },
      { headers: { 'Content-Length': '65537' } },
      { headers: { 'Content-Length': '9,65537' } },
      { body: ' '.repeat(65_537) },
    ]) {
      const replies = await Promise.all(
        PATHS.map(async (path) => send(anHttpEvent({ secret: STRANGER, path, ...over }))),
      );
      const told = replies.map(({ statusCode, headers, body }) => ({ statusCode, headers, body }));
      expect(new Set(told.map((one) => JSON.stringify(one)))).toHaveProperty('size', 1);
      expect(told[0]!.statusCode).not.toBe(401);
    }
  });

  test('leaves no trace in the ledger', async ({ expect }) => {
    const taken: string[] = [];
    const ledger: RequestLedger = {
      take: async (client, requestId) => {
        taken.push(`${client} ${requestId}`);
        return 'open';
      },
      finish: async () => {},
    };
    const { send } = aService([{}], { ledger });
    await send(anHttpEvent({ secret: STRANGER }));
    await send(anHttpEvent({ timestampSec: NOW_MS / 1_000 - 301 }));
    expect(taken).toEqual([]);
    await send(anHttpEvent());
    await send(anHttpEvent({ method: 'GET' }));
    expect(taken).toEqual(['ci msg_1']);
  });

  test('is everybody where there is no client', async ({ expect }) => {
    const { send } = aService([{}], { clients: [] });
    expect((await send(anHttpEvent())).statusCode).toBe(401);
  });
});

describe('absurd requests', () => {
  test.for<[string, Record<string, string>]>([
    [
      'ten thousand headers',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`H${n}`, 'x'])),
    ],
    ['a header of half a megabyte', { Cookie: 'x'.repeat(500_000) }],
    ['a signature list of half a megabyte', { 'Webhook-Signature': 'v1, '.repeat(125_000) }],
    ['names that reach a prototype', { ['__proto__']: 'x', constructor: 'y', hasOwnProperty: 'z' }],
    ['a length that is none', { 'Content-Length': '-1, NaN, 0x10' }],
  ])('%s is answered as any other', async ([, headers], { expect }) => {
    const { send } = aService();
    const unsigned = { 'Webhook-Signature': undefined, ...headers };
    expect((await send(anHttpEvent({ headers: unsigned }))).statusCode).toBe(401);
  });

  test('an event of more than a megabyte is not even read', async ({ expect }) => {
    const { send } = aService();
    expect((await send(anHttpEvent({ body: 'x'.repeat(1_100_000) }))).statusCode).toBe(413);
    expect((await send(Buffer.alloc(1_100_000, 0x7b))).statusCode).toBe(413);
  });

  test('halves of characters in a query are a signature that does not fit', async ({ expect }) => {
    const { send } = aService();
    const query = { limit: '\ud800' };
    const event = anHttpEvent({ method: 'GET', query, signed: 'GET /rollouts?limit=x' });
    expect((await send(event)).statusCode).toBe(401);
  });
});

test.for<[string, Record<string, string>]>([
  [
    'a function signature',
    {
      Authorization: 'ACS3-HMAC-SHA256 Credential=LTAI5tExample,SignedHeaders=host,Signature=00',
      'X-Acs-Date': '2026-09-21T16:26:40Z',
      'X-Acs-Signature-Nonce': 'n',
    },
  ],
  ['a JWT that the gateway took', { Authorization: 'Bearer e30.e30.sig', 'X-Jwt-Sub': 'approver' }],
  ['a claim to be somebody', { 'X-Client': 'approver', 'X-Fc-Client-Id': 'approver' }],
])('%s in front of the webhook changes nothing', async ([, headers], { expect }) => {
  const { send } = aService();
  const unsigned = { ...headers, 'Webhook-Signature': undefined };
  expect((await send(anHttpEvent({ headers: unsigned }))).statusCode).toBe(401);
  const reply = await send(anHttpEvent({ headers }));
  expect(reply.statusCode).toBe(202);
  expect(reply.json.history[0]).toMatchObject({ what: 'created', by: 'ci' });
});

describe('a client', () => {
  const control = (action: string, fields: object = {}) =>
    [`/rollouts/${NOBODY}/${action}`, { rolloutId: NOBODY, action, ...fields }] as const;
  const planDigest = `sha256:${'0'.repeat(64)}`;

  test.for<[Action, string, unknown]>([
    ['ask', '/rollouts', BODY],
    ['ask', '/rollouts', { ...BODY, dryRun: true }],
    ['undo', ...control('undo')],
    ['undo', ...control('undo', { dryRun: true })],
    ['stop', '/stop', STOP],
    ['go', '/go', GO],
    ['pause', ...control('pause')],
    ['resume', ...control('resume')],
    ['abort', ...control('abort')],
    ['approve', ...control('approve', { planDigest })],
    ['deny', ...control('deny')],
    ['resolve', ...control('resolve', { as: 'retry', instanceIds: ['i-a'] })],
    ['see', '/rollouts', undefined],
    ['see', `/rollouts/${NOBODY}`, undefined],
    ['see', '/stop', undefined],
  ])(
    'without "%s" may not %s, and is told nothing else',
    async ([action, path, body], { expect }) => {
      const { get, post, world } = aService([{}], { clients: without(action) });
      const reply = body === undefined ? await get(path) : await post(path, body);
      expect(reply).toMatchObject({
        statusCode: 403,
        json: { code: 'forbidden', detail: `Cannot ${action}: client "ci" may not do this` },
      });
      expect(reply.json.errors).toBeUndefined();
      expect(world.ecs.calls).toEqual({});
      expect(await world.ports.stop.read()).toBeNull();
      // Who may is heard.
      const by = { secret: APPROVER_SECRET };
      const other = body === undefined ? await get(path, {}, by) : await post(path, body, by);
      expect([200, 202, 404]).toContain(other.statusCode);
    },
  );

  test('signs with each of its secrets, and is one client with all of them', async ({ expect }) => {
    const next = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
    const clients = [{ rule: aClient(), secrets: [...SECRETS, parseWebhookSecret(next)] }];
    const { send } = aService([{}], { clients });
    const first = await send(anHttpEvent());
    const again = await send(anHttpEvent({ secret: next }));
    expect(again.statusCode).toBe(202);
    expect(again.json.rolloutId).toBe(first.json.rolloutId);
  });

  test('has ids of its own: another one under the same id is another request', async ({
    expect,
  }) => {
    const { post } = aService(aFleet(2));
    const first = await post('/rollouts', BODY, { id: 'same' });
    const body = { ...BODY, instanceIds: ['i-b'] };
    const other = await post('/rollouts', body, { id: 'same', secret: APPROVER_SECRET });
    expect(other.statusCode).toBe(202);
    expect(other.json.rolloutId).not.toBe(first.json.rolloutId);
  });

  test('never approves what it asked for itself, but may deny and abort it', async ({ expect }) => {
    const service = aService();
    const { world, control: tell } = service;
    const rolloutId = await service.begin({ approveWithinSeconds: 600 });
    const rollout = await world.rollout(rolloutId);
    const own = await tell(rolloutId, 'approve', { planDigest: rollout.planDigest });
    expect(own).toMatchObject({
      statusCode: 403,
      json: {
        detail: `Cannot approve rollout "${rolloutId}": "ci" requested it, and nobody may approve their own request`,
      },
    });
    expect(await world.rollout(rolloutId)).toBe(rollout);
    expect((await tell(rolloutId, 'deny')).statusCode).toBe(200);
    const second = await service.begin({ approveWithinSeconds: 600 });
    expect((await tell(second, 'abort')).statusCode).toBe(200);
    const third = await service.begin({ approveWithinSeconds: 600 });
    const by = { secret: APPROVER_SECRET };
    const { planDigest: digest } = await world.rollout(third);
    expect((await tell(third, 'approve', { planDigest: digest }, by)).statusCode).toBe(200);
  });

  test('is not the launch rule of the same name', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin({ approveWithinSeconds: 600 });
    const rollout = await service.world.rollout(rolloutId);
    const origin = anOrigin({ door: 'launch', client: 'ci' });
    const launched = { ...rollout, version: rollout.version + 1, origin };
    await service.world.rollouts.save(rollout, launched);
    const { planDigest: digest } = rollout;
    const reply = await service.control(rolloutId, 'approve', { planDigest: digest });
    expect(reply.statusCode).toBe(200);
  });

  test('that may not learns not even whether a rollout is there', async ({ expect }) => {
    const service = aService([{}], { clients: without('see', 'pause') });
    const rolloutId = await service.begin();
    for (const id of [rolloutId, NOBODY]) {
      expect((await service.get(`/rollouts/${id}`)).statusCode).toBe(403);
      expect((await service.control(id, 'pause')).statusCode).toBe(403);
    }
  });

  test('has so many rollouts open and no more, and is told when to come again', async ({
    expect,
  }) => {
    const service = aService(aFleet(3), { clients: twoClients({ maxOpenRollouts: 1 }) });
    const first = await service.begin({ instanceIds: ['i-a'] });
    const body = { ...BODY, instanceIds: ['i-b'] };
    const refused = await service.post('/rollouts', body, { id: 'second' });
    expect(refused).toMatchObject({ statusCode: 429, json: { code: 'throttled' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.json.detail).toContain('1');
    expect(service.world.ecs.calls['AttachKeyPair']).toBe(1);
    expect(await service.world.rollouts.open()).toHaveLength(1);
    // What it has is shown, what would be as well, and others are not held up.
    const dry = await service.post('/rollouts', { ...body, dryRun: true });
    expect(dry.statusCode).toBe(200);
    const other = { ...BODY, instanceIds: ['i-c'] };
    expect((await service.post('/rollouts', other, { secret: APPROVER_SECRET })).statusCode).toBe(
      202,
    );
    await service.world.settle();
    await service.world.tick();
    expect((await service.get(`/rollouts/${first}`)).json.status).toBe('done');
    expect((await service.post('/rollouts', body, { id: 'second' })).statusCode).toBe(202);
  });
});

describe('an id', () => {
  test('is taken by what was asked under it, at any route, refused or not', async ({ expect }) => {
    const { post } = aService([{}], { clients: without('stop') });
    const taken = { statusCode: 409, json: { code: 'conflict' } };
    await post('/rollouts', { ...BODY, dryRun: true }, { id: 'dry' });
    expect(await post('/rollouts', BODY, { id: 'dry' })).toMatchObject(taken);
    await post('/go', GO, { id: 'go' });
    expect(await post('/stop', STOP, { id: 'go' })).toMatchObject(taken);
    expect((await post('/stop', STOP, { id: 'no' })).statusCode).toBe(403);
    expect(await post('/go', GO, { id: 'no' })).toMatchObject(taken);
    expect((await post('/rollouts', '{', { id: 'bad' })).statusCode).toBe(400);
    expect(await post('/rollouts', BODY, { id: 'bad' })).toMatchObject(taken);
  });

  test('is no other for white space: the bytes count', async ({ expect }) => {
    const { post } = aService();
    await post('/go', '{"action":"go"}', { id: 'go' });
    expect((await post('/go', '{"action": "go"}', { id: 'go' })).statusCode).toBe(409);
  });

  test('of a dry run answers again', async ({ expect }) => {
    const { post, world } = aService([{}, { instanceId: 'i-b' }]);
    const body = { ...BODY, dryRun: true };
    const first = await post('/rollouts', body, { id: 'dry' });
    world.pass(60_000);
    const again = await post('/rollouts', body, { id: 'dry' });
    expect(again).toMatchObject({ statusCode: 200, json: { planDigest: first.json.planDigest } });
  });

  test('of a go that was carried out takes back no later stop', async ({ expect }) => {
    const { post, world } = aService();
    await post('/stop', STOP);
    await post('/go', GO, { id: 'go' });
    await post('/stop', { ...STOP, reason: 'again' });
    const replayed = await post('/go', GO, { id: 'go' });
    expect(replayed).toMatchObject({ statusCode: 200, json: { stop: { reason: 'again' } } });
    expect(await world.ports.stop.read()).toMatchObject({ reason: 'again' });
  });

  test('of a stop that was carried out stops nothing again', async ({ expect }) => {
    const { post, world } = aService();
    await post('/stop', STOP, { id: 'stop' });
    await post('/go', GO);
    const replayed = await post('/stop', STOP, { id: 'stop' });
    expect(replayed).toMatchObject({ statusCode: 200, json: { stop: null } });
    expect(await world.ports.stop.read()).toBeNull();
  });

  test('of a command that found nothing to do does nothing later, either', async ({ expect }) => {
    const service = aService();
    const rolloutId = await service.begin();
    await service.control(rolloutId, 'pause');
    await service.control(rolloutId, 'pause', {}, { id: 'p' });
    await service.control(rolloutId, 'resume');
    const replayed = await service.control(rolloutId, 'pause', {}, { id: 'p' });
    expect(replayed).toMatchObject({ statusCode: 200, json: { control: { kind: 'going' } } });
  });

  test('of a command that was refused is judged again', async ({ expect }) => {
    const service = aService([{}], { ecs: refusing(new Set(['i-a'])) });
    const rolloutId = await service.begin();
    const fields = { as: 'skip', instanceIds: ['i-a'] };
    const early = await service.control(rolloutId, 'resolve', fields, { id: 'r' });
    expect(early.statusCode).toBe(409);
    await service.world.settle();
    const again = await service.control(rolloutId, 'resolve', fields, { id: 'r' });
    expect(again.statusCode).toBe(200);
    expect(again.json.results[0].restart).toMatchObject({ kind: 'dropped', why: 'skipped' });
  });

  test('whose client lost its right shows nothing any more', async ({ expect }) => {
    const ledger = new ModelLedger();
    const before = aService([{}], { ledger });
    await before.post('/go', GO, { id: 'go' });
    const after = aService([{}], { ledger, clients: without('go') });
    expect((await after.post('/go', GO, { id: 'go' })).statusCode).toBe(403);
  });

  test('that cannot be written down is no answer, and nothing is done', async ({ expect }) => {
    const ledger: RequestLedger = {
      take: async () => {
        throw new LatchkeyError('unavailable', 'Cannot write: no');
      },
      finish: async () => {},
    };
    const { post, world } = aService([{}], { ledger });
    expect((await post('/stop', STOP)).statusCode).toBe(503);
    expect(await world.ports.stop.read()).toBeNull();
  });

  test('of what was done, but not written down as done, is done again when it comes again', async ({
    expect,
  }) => {
    const model = new ModelLedger();
    let isDown = true;
    const ledger: RequestLedger = {
      take: (client, id, digest) => model.take(client, id, digest),
      finish: async (client, id) => {
        if (isDown) throw new LatchkeyError('unavailable', 'Cannot write: no');
        await model.finish(client, id);
      },
    };
    const service = aService([{}], { ledger });
    const rolloutId = await service.begin();
    expect((await service.control(rolloutId, 'pause', {}, { id: 'p' })).statusCode).toBe(503);
    isDown = false;
    const again = await service.control(rolloutId, 'pause', {}, { id: 'p' });
    expect(again).toMatchObject({ statusCode: 200, json: { control: { kind: 'paused' } } });
    expect(
      again.json.history.filter(({ what }: { what: string }) => what === 'paused'),
    ).toHaveLength(1);
  });
});

describe('the log', () => {
  const logged = () => {
    const lines: Record<string, unknown>[] = [];
    const log = jsonLog({ level: 'debug', write: (line) => lines.push(JSON.parse(line)) });
    const service = aService([{}], { log, clients: without('stop') });
    return { ...service, lines, refused: () => lines.filter(({ event }) => event === 'refused') };
  };

  test('names each refusal: who, from where, what, and how long it took', async ({ expect }) => {
    const { send, post, refused } = logged();
    await send(anHttpEvent({ secret: STRANGER }));
    await post('/stop', STOP, { id: 'no' });
    const [stranger, client] = refused();
    const common = { sourceIp: '127.0.0.1', tookMs: 0, requestId: expect.any(String) };
    expect(stranger).toMatchObject({ ...common, status: 401, path: '/rollouts', method: 'POST' });
    expect(stranger).not.toHaveProperty('client');
    expect(client).toMatchObject({
      ...common,
      status: 403,
      client: 'ci',
      webhookId: 'no',
      why: 'Cannot stop: client "ci" may not do this',
    });
  });

  test('repeats no body, whatever is wrong with it', async ({ expect }) => {
    const { post, lines } = logged();
    await post('/rollouts', '{"hunter2":1,"hunter2":2}');
    await post('/rollouts', { ...BODY, hunter2: 'hunter2', note: { hunter2: 1 } });
    await post('/rollouts', 'hunter2');
    await post('/stop', { ...STOP, reason: 'hunter2' });
    expect(lines).toHaveLength(4);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  test('is not filled by a path', async ({ expect }) => {
    const { send, lines } = logged();
    await send(anHttpEvent({ path: `/${'x'.repeat(4_000)}`, secret: STRANGER }));
    expect(JSON.stringify(lines).length).toBeLessThan(1_000);
  });
});
