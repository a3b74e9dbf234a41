import { test } from 'vitest';
import { type ErrorCode, LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { HttpReply } from '../../shared/inbound/fc.ts';
import { playExamples } from '../../tools/openapi/scenario.ts';
import {
  aFleet,
  APPROVER_SECRET,
  aService,
  refusing,
  twoClients,
} from '../support/attach-service.ts';
import { anApprovalRule, NOW_MS } from '../models/builders.ts';
import { BODY } from '../models/http-event.ts';
import { aToken, CONSOLE_RULE, JWKS } from '../support/tokens.ts';
import { exact, expectGolden, type Section } from './golden.ts';
import { BARE, FULL, LAUNCHED, T0 } from './samples.ts';

type Reply = Pick<HttpReply, 'statusCode' | 'headers' | 'body'>;

/** Which headers there are matters, and not their order. */
function replied(title: string, { statusCode, headers, body }: Reply): Section {
  const sorted = Object.entries(headers).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const lines = sorted.map(([name, value]) => `header ${name}: ${value}`);
  return [title, [`status ${statusCode}`, ...lines, exact(body)]];
}

test('a day at the webhook is answered as it was', async ({ expect }) => {
  const { examples } = await playExamples();
  const sections = examples.map(({ name, request, status, headers, answer }) => {
    const { method, path, query = {} } = request;
    const target = [path, ...Object.entries(query).map((pair) => pair.join('='))].join(' ');
    const reply = { statusCode: status, headers, body: JSON.stringify(answer) };
    return replied(`${name}: ${method} ${target}`, reply);
  });
  expectGolden(expect, 'http-examples.txt', sections);
});

test('a rollout in every state is answered as it was', async ({ expect }) => {
  const { world, get } = aService();
  world.pass(T0 - NOW_MS + 30_000);
  const sections: Section[] = [];
  for (const rollout of [BARE, FULL, LAUNCHED]) {
    await world.rollouts.create(rollout);
    const path = `/rollouts/${rollout.rolloutId}`;
    sections.push(replied(`GET ${path}`, await get(path)));
  }
  sections.push(replied('GET /rollouts', await get('/rollouts', { limit: '3' })));
  expectGolden(expect, 'http-states.txt', sections);
});

test('a rollout is answered as it was from its approval to its undo', async ({ expect }) => {
  const clients = twoClients({ approval: anApprovalRule() });
  const stuck = new Set(['i-b']);
  const service = aService(aFleet(3), { clients, ecs: refusing(stuck) });
  const { get, post, control, world } = service;
  const sections: Section[] = [];
  const keep = <T extends Reply>(title: string, reply: T): T => {
    sections.push(replied(title, reply));
    return reply;
  };
  const whole = { ...BODY, instanceIds: ['i-a', 'i-b', 'i-c'], bakeSeconds: 0, groupBy: 'role' };
  const approver = { secret: APPROVER_SECRET };

  const plan = keep('dry run', await post('/rollouts', { ...whole, dryRun: true })).json;
  const body = { ...whole, expectedPlanDigest: plan.planDigest };
  const { rolloutId, planDigest } = keep(
    'ask',
    await post('/rollouts', body, { id: 'msg_a' }),
  ).json;
  keep('ask, repeated', await post('/rollouts', body, { id: 'msg_a' }));
  world.ecs.change('i-c', { status: 'Stopped' });
  keep('ask, plan changed', await post('/rollouts', body));
  world.ecs.change('i-c', { status: 'Running' });
  const wrong = { planDigest: `sha256:${'0'.repeat(64)}` };
  keep('approve another plan', await control(rolloutId, 'approve', wrong, approver));
  keep('approve', await control(rolloutId, 'approve', { planDigest }, approver));
  keep('approve, twice', await control(rolloutId, 'approve', { planDigest }, approver));
  keep(
    'ask for what another holds',
    await post('/rollouts', { ...BODY, restart: 'never' }, approver),
  );
  await world.settle();
  keep('halted', await get(`/rollouts/${rolloutId}`));
  stuck.clear();
  keep('resolve', await control(rolloutId, 'resolve', { as: 'retry', instanceIds: ['i-b'] }));
  keep('resume', await control(rolloutId, 'resume'));
  await world.wake(rolloutId);
  keep('restarting', await get(`/rollouts/${rolloutId}`));
  await world.settle();
  keep('done', await get(`/rollouts/${rolloutId}`));
  keep('pause, too late', await control(rolloutId, 'pause'));
  keep('plan an undo', await control(rolloutId, 'undo', { dryRun: true }, approver));
  keep('undo', await control(rolloutId, 'undo', {}, approver));
  const { json } = keep('first page', await get('/rollouts', { limit: '1' }));
  keep('second page', await get('/rollouts', { limit: '1', after: json.next }));
  expectGolden(expect, 'http-story.txt', sections);
});

/** `Record`, so that no code is forgotten. */
const CODES: Readonly<Record<ErrorCode, true>> = {
  'bad-request': true,
  unsigned: true,
  forbidden: true,
  'not-found': true,
  'method-not-allowed': true,
  'plan-changed': true,
  conflict: true,
  'too-large': true,
  'unsupported-media-type': true,
  'not-valid': true,
  throttled: true,
  refused: true,
  unreachable: true,
  unavailable: true,
  timeout: true,
};

test('every problem is answered as it was', async ({ expect }) => {
  const details = {
    vendorCode: 'Vendor.Code',
    requestId: 'request-1',
    retryAtMs: NOW_MS + 7_000,
    faults: [{ path: ['note'], detail: 'is too long' }],
    extra: { difference: { is: 'told' } },
  };
  const failing = (error: Error) => {
    const take = () => Promise.reject(error);
    return aService([{}], { ledger: { take, finish: take } }).post('/rollouts', BODY);
  };
  const sections = [replied('a bug', await failing(new TypeError('not told')))];
  for (const code of Object.keys(CODES) as ErrorCode[]) {
    sections.push(replied(code, await failing(new LatchkeyError(code, 'Cannot do it'))));
    sections.push(
      replied(
        `${code}, in detail`,
        await failing(new LatchkeyError(code, 'Cannot do it', details)),
      ),
    );
  }
  expectGolden(expect, 'http-problems.txt', sections);
});

test('the console is answered as it was', async ({ expect }) => {
  const door = { rule: CONSOLE_RULE, jwks: JWKS };
  const { world, reply, begin } = aService(aFleet(2), { console: door });
  const rolloutId = await begin();
  const cookie = `${CONSOLE_RULE.cookie}=${aToken(world.now())}`;
  const authorization = `Bearer ${aToken(world.now(), { sub: 'mallory' })}`;
  const sections: Section[] = [];
  for (const [path, headers] of [
    ['/console', { cookie }],
    ['/console/api/rollouts', { cookie }],
    [`/console/api/rollouts/${rolloutId}`, { cookie }],
    ['/console/api/stop', { cookie }],
    ['/console/api/no-such', { cookie }],
    ['/console/', {}],
    ['/console/', { authorization }],
  ] as const) {
    sections.push(replied(`GET ${path}`, await reply(aLook(path, headers))));
  }
  expectGolden(expect, 'http-console.txt', sections);
});

function aLook(path: string, headers: Readonly<Record<string, string>>): Buffer {
  const requestContext = { http: { method: 'GET', path } };
  return Buffer.from(JSON.stringify({ version: 'v1', rawPath: path, headers, requestContext }));
}
