import { describe, test } from 'vitest';
import { type DoctorPorts, examine, type Patient } from '../../cli/doctor/doctor.ts';
import { type Finding, ok } from '../../cli/doctor/finding.ts';
import { TRIGGERS } from '../../cli/doctor/trigger-checks.ts';
import { wantedOf } from '../../cli/provision/wanted.ts';
import { planProvision } from '../../cli/provision/provision.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import { readServerlessYaml } from '../../local/cloud/fc/read-s-yaml.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { createTablestore } from '../../local/cloud/tablestore/index.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { PROBE_CLIENT } from '../../shared/domain/rollouts/probe.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { QUEUE_SETTINGS } from '../../shared/outbound/smq/queue-settings.ts';
import { smqSender } from '../../shared/outbound/smq/smq-sender.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { REQUESTS } from '../../shared/outbound/store/tables.ts';
import { tableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import { aService } from '../functions/attach-service.ts';
import { silent } from '../support/builders.ts';
import { aBatch } from '../support/cloud-events.ts';
import { context, SECRET_TEXT } from '../support/http-event.ts';
import { CONSOLE_RULE } from '../support/tokens.ts';
import { aMessenger } from '../support/messenger-world.ts';
import { withMethods } from '../support/with-methods.ts';
import ownPolicy from '../../policy.json' with { type: 'json' };

const RESULTS = 'latchkey-results';
const FINGERPRINT = '69:dd:a1:02:06:99:d6:38:32:f1:0f:47:31:f2:ae:e7';
const CHAT = 'latchkey-chat';
const QUEUES = [RESULTS, 'latchkey-dead', CHAT];

const POLICY = {
  clients: [
    {
      id: 'ci',
      secretNames: ['WEBHOOK_SECRETS'],
      actions: ['ask', 'see'],
      keyPairs: [{ name: 'ops', fingerprint: FINGERPRINT }],
      maxInstances: 10,
      restart: ['auto', 'never'],
      attach: ['now'],
    },
  ],
};

/** The same, asked for in a chat as well. */
const CHATTING = { ...POLICY, chat: ownPolicy.chat, people: ownPolicy.people.slice(1, 2) };

const ENVIRONMENT = {
  SMQ_CHAT_QUEUE: CHAT,
  REGION_ID: 'cn-hangzhou',
  SMQ_QUEUE: RESULTS,
  SMQ_DEAD_LETTER_QUEUE: 'latchkey-dead',
  TABLESTORE_INSTANCE: 'latchkey',
  WEBHOOK_SECRETS: SECRET_TEXT,
};

/** What is wrong; everything else is well. */
interface Illness {
  readonly policy?: unknown;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Of the doctor. */
  readonly accessKeySecret?: string;
  /** How far the doctor's clock is ahead. */
  readonly aheadMs?: number;
  readonly isRestartGone?: boolean;
  readonly isMessengerGone?: boolean;
  /** What ECS does to a rehearsed restart. */
  readonly rehearse?: () => Promise<void>;
  readonly ports?: (healthy: DoctorPorts) => Partial<DoctorPorts>;
  /** Done to the cloud before it is looked at. */
  readonly plant?: (ports: DoctorPorts) => Promise<void>;
}

/** Queues and tables over loopback, `attach` and `restart` with their real handlers. */
async function examined(illness: Illness = {}): Promise<readonly Finding[]> {
  const service = aService([{ instanceId: 'i-a' }], {
    ecs: (ecs) => withMethods(ecs, illness.rehearse ? { rehearse: illness.rehearse } : {}),
  });
  const { world } = service;
  const kernel = createKernel({ settings: settingsWith({}), clock: virtualClock(world.now()) });
  const smq = createSmq(kernel);
  let probes = 0;
  const [queues, rows] = await Promise.all([
    serve(kernel, smq.service, 0),
    serve(kernel, createTablestore(kernel).service, 0),
  ]);
  const { accessKeyId, accessKeySecret } = kernel.settings;
  const wire = (secret: string) => {
    const common = {
      credentials: () => Promise.resolve({ accessKeyId, accessKeySecret: secret }),
      sockets: keptSockets(),
      wireNowMs: () => kernel.wallMs(),
    };
    const endpoint = `http://127.0.0.1:${queues.port}`;
    const store = {
      endpoint: `http://127.0.0.1:${rows.port}`,
      instanceName: 'latchkey',
      ...common,
    };
    return { smq: { endpoint, ...common }, store };
  };
  const portsBy = (secret: string): DoctorPorts => {
    const { smq: ofQueues, store } = wire(secret);
    const client = tablestoreClient({ ...store, log: silent, pause: async () => {} });
    return {
      queue: (queueName) => queueAdmin({ ...ofQueues, queueName }),
      tables: tableAdmin(store),
      ecs: {
        describeInstances: (ids) => world.ports.ecs.describeInstances(ids),
        findKeyPair: async (name) => ({ name, fingerprint: FINGERPRINT }),
      },
      fetch: async ({ method, path, headers, body }) => {
        const [bare = '', query = ''] = path.split('?');
        const event = {
          version: 'v1',
          rawPath: bare,
          body,
          headers,
          queryParameters: Object.fromEntries(new URLSearchParams(query)),
          requestContext: { http: { method, path: bare } },
        };
        const reply = await service.send(Buffer.from(JSON.stringify(event)));
        const date = new Date(world.now()).toUTCString();
        return { status: reply.statusCode, headers: { date }, body: reply.body };
      },
      fetchAt: () => async () => ({ status: 200, headers: {}, body: '{"status":"ok"}' }),
      triggersOf: async (functionName) =>
        TRIGGERS[functionName as keyof typeof TRIGGERS].map((name) => ({
          name,
          isOn: true,
          url: name === 'http' ? 'https://latchkey-chat.cn-hangzhou.fcapp.run' : undefined,
        })),
      probe: {
        sender: (queueName) => smqSender({ ...ofQueues, queueName, log: silent }),
        newId: () => `probe-${++probes}`,
        nowMs: world.now,
        async pause(ms) {
          world.pass(ms);
          if (illness.isRestartGone !== true) await deliver(RESULTS, handler);
          if (illness.isMessengerGone !== true) await deliver(CHAT, messenger.handler);
        },
        answerTo: async (requestId) => {
          const key = [
            ['client', PROBE_CLIENT],
            ['requestId', requestId],
          ] as const;
          const row = await client.getRow({ table: REQUESTS.name, key });
          return row && String(row.columns.get('digest'));
        },
      },
    };
  };
  const healthy = portsBy(accessKeySecret);
  const ledger = tablestoreLedger(
    tablestoreClient({ ...wire(accessKeySecret).store, log: silent, pause: async () => {} }),
  );
  const handler = makeRestart({
    ...world.ports,
    ledger,
    regionId: 'cn-hangzhou',
    deadLetters: world.queue,
    notifier: { deliver: async () => ({ kind: 'delivered' }) },
  });
  const messenger = aMessenger({ ports: { ledger } });
  const deliver = async (
    queueName: string,
    handle: (event: Buffer, of: FcContext) => Promise<unknown>,
  ) => {
    const bodies = smq
      .receive(queueName, 16)
      .map(({ body }) => Buffer.from(body, 'base64').toString('utf8'));
    if (bodies.length > 0) await handle(aBatch(bodies), context);
  };
  try {
    for (const step of await planProvision(wantedOf(QUEUES), healthy)) await step.run();
    await illness.plant?.(healthy);
    const ports = portsBy(illness.accessKeySecret ?? accessKeySecret);
    const patient: Patient = {
      policyText: Buffer.from(JSON.stringify(illness.policy ?? POLICY)),
      environment: { ...ENVIRONMENT, ...illness.environment },
      accountId: '1000000000000000',
      ports: () => ({ ...ports, ...illness.ports?.(ports) }),
      nowMs: () => world.now() + (illness.aheadMs ?? 0),
    };
    return await examine(patient);
  } finally {
    await Promise.all([queues.close(), rows.close()]);
  }
}

const faultsOf = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state === 'fault');

const refusing = (code: 'refused' | 'forbidden' | 'unreachable', vendorCode: string) => () =>
  Promise.reject(new LatchkeyError(code, `Cannot ask: ${vendorCode}`, { vendorCode }));

test('whoever is well hears so, and what was looked at', async ({ expect }) => {
  const findings = await examined();
  expect(faultsOf(findings)).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'policy',
      'settings',
      'secrets of attach',
      'ECS',
      'key pair ops',
      'queue latchkey-results',
      'queue latchkey-dead',
      'table audit',
      'webhook',
      'clock',
      'webhook, unsigned',
      'webhook, signed',
      'dry run',
      'triggers of attach',
      'triggers of launch',
      'triggers of restart',
      'message through the queue',
      'role of restart',
    ]),
  );
});

test('where there are chats their half is looked at as well', async ({ expect }) => {
  const findings = await examined({ policy: CHATTING });
  expect(faultsOf(findings)).toEqual([]);
  expect(findings).toEqual(
    expect.arrayContaining([
      { check: 'queue latchkey-chat', state: 'ok', detail: '', mend: '' },
      { check: 'triggers of chat', state: 'ok', detail: 'http', mend: '' },
      { check: 'triggers of messenger', state: 'ok', detail: 'queue', mend: '' },
      { check: 'chat door', state: 'ok', detail: 'GET /healthz', mend: '' },
      expect.objectContaining({ check: 'message through the chat queue', state: 'ok' }),
      {
        check: 'secrets of messenger',
        state: 'skipped',
        detail: expect.stringContaining('not set here: CHAT_BUTTON_SECRET, SLACK_BOT_TOKEN'),
        mend: '',
      },
    ]),
  );
});

describe('of each fault it says what to mend:', () => {
  const healthyPolicy = POLICY.clients[0]!;
  test.for<[string, Illness, check: string, detail: RegExp, mend: RegExp]>([
    [
      'a policy that is not valid',
      { policy: { clients: [{ ...healthyPolicy, maxInstances: 0 }] } },
      'policy',
      /maxInstances/,
      /npm run policy -- check/,
    ],
    [
      'a secret that is missing',
      { environment: { WEBHOOK_SECRETS: undefined } },
      'secrets of attach',
      /WEBHOOK_SECRETS is missing/,
      /export WEBHOOK_SECRETS/,
    ],
    [
      'a secret that is too short',
      { environment: { WEBHOOK_SECRETS: 'whsec_QUJD' } },
      'secrets of attach',
      /WEBHOOK_SECRETS has a fault/,
      /openssl rand/,
    ],
    [
      'a console without keys',
      { policy: { ...POLICY, console: CONSOLE_RULE } },
      'settings',
      /CONSOLE_JWKS is missing/,
      /export CONSOLE_JWKS/,
    ],
    [
      'a console with a key that is none',
      {
        policy: { ...POLICY, console: CONSOLE_RULE },
        environment: { CONSOLE_JWKS: '{"keys":[{"alg":"EdDSA"}]}' },
      },
      'settings',
      /CONSOLE_JWKS has a fault in its key 1/,
      /export CONSOLE_JWKS/,
    ],
    [
      'a setting that is no region',
      { environment: { REGION_ID: 'Hangzhou' } },
      'settings',
      /REGION_ID is "Hangzhou"/,
      /REGION_ID/,
    ],
    [
      'an AccessKey that is not taken',
      { accessKeySecret: 'wrong' },
      'queue latchkey-results',
      /SignatureDoesNotMatch/,
      /another AccessKey/,
    ],
    [
      'a permission that is missing',
      {
        ports: ({ ecs }) => ({
          ecs: { ...ecs, describeInstances: refusing('refused', 'Forbidden.RAM') },
        }),
      },
      'ECS',
      /Forbidden\.RAM/,
      /grant ecs:DescribeInstances/,
    ],
    [
      'an endpoint that nobody answers at',
      {
        ports: ({ ecs }) => ({
          ecs: { ...ecs, describeInstances: refusing('unreachable', 'ENOTFOUND') },
        }),
      },
      'ECS',
      /ENOTFOUND/,
      /endpoint, the region and the network/,
    ],
    [
      'a key pair that was made anew',
      {
        policy: {
          clients: [
            {
              ...healthyPolicy,
              keyPairs: [{ name: 'ops', fingerprint: FINGERPRINT.replace('69', '70') }],
            },
          ],
        },
      },
      'key pair ops',
      /fingerprint 69:.*, the policy says 70:/,
      /who made it anew/,
    ],
    [
      'a queue that is not there',
      { plant: ({ queue }) => queue(RESULTS).remove() },
      'queue latchkey-results',
      /is not there/,
      /npx latchkey provision/,
    ],
    [
      'a dead-letter queue that is not there',
      { plant: ({ queue }) => queue('latchkey-dead').remove() },
      'queue latchkey-dead',
      /is not there/,
      /npx latchkey provision/,
    ],
    [
      'a queue that is otherwise',
      { plant: ({ queue }) => queue(RESULTS).change({ ...QUEUE_SETTINGS, VisibilityTimeout: 1 }) },
      'queue latchkey-results',
      /VisibilityTimeout 1/,
      /npx latchkey provision/,
    ],
    [
      'a table that is not there',
      { plant: ({ tables }) => tables.remove('plans') },
      'table plans',
      /is not there/,
      /npx latchkey provision/,
    ],
    [
      'a table whose rows end too early',
      { plant: ({ tables }) => tables.changeTimeToLive('instances', 86_400) },
      'table instances',
      /rows end after 1 day/,
      /npx latchkey provision/,
    ],
    [
      'a clock that is 20 minutes ahead',
      { aheadMs: 1_200_000 },
      'clock',
      /1200 s ahead/,
      /set the clock/,
    ],
    [
      'a webhook with another secret',
      { environment: { WEBHOOK_SECRETS: `whsec_${Buffer.alloc(32, 7).toString('base64')}` } },
      'webhook, signed',
      /401/,
      /the secret that the function has/,
    ],
    [
      'a webhook that does not start',
      {
        ports: () => ({
          fetch: async () => ({
            status: 502,
            headers: {},
            body: 'Cannot start: SMQ_QUEUE is missing',
          }),
        }),
      },
      'webhook',
      /502 Cannot start/,
      /log of latchkey-attach/,
    ],
    [
      'a webhook that is not there',
      { ports: () => ({ fetch: () => Promise.reject(new Error('ECONNREFUSED')) }) },
      'webhook',
      /ECONNREFUSED/,
      /npm run deploy/,
    ],
    [
      'something else at its address, that lets everybody in',
      { ports: () => ({ fetch: async () => ({ status: 200, headers: {}, body: '{}' }) }) },
      'webhook, unsigned',
      /200, not 401/,
      /--url/,
    ],
    [
      'a restart that takes no messages',
      { isRestartGone: true },
      'message through the queue',
      /did not answer within 30 s/,
      /trigger "queue"/,
    ],
    [
      'a messenger that takes no messages',
      { policy: CHATTING, isMessengerGone: true },
      'message through the chat queue',
      /messenger did not answer within 30 s/,
      /latchkey-messenger is deployed/,
    ],
    [
      'a role of restart that may not reboot',
      { rehearse: refusing('refused', 'Forbidden.RAM') },
      'role of restart',
      /Forbidden\.RAM/,
      /docs\/permissions\.md/,
    ],
    [
      'a button secret that is too short',
      { policy: CHATTING, environment: { CHAT_BUTTON_SECRET: 'whsec_QUJD' } },
      'secrets of chat',
      /CHAT_BUTTON_SECRET has a fault/,
      /export CHAT_BUTTON_SECRET/,
    ],
    [
      'a function that is not there',
      {
        ports: () => ({
          triggersOf: () => Promise.reject(new LatchkeyError('not-found', 'Cannot list')),
        }),
      },
      'triggers of launch',
      /latchkey-launch is not there/,
      /npm run deploy/,
    ],
    [
      'a trigger that is off',
      {
        ports: ({ triggersOf }) => ({
          triggersOf: async (name) =>
            (await triggersOf(name)).map((one) => ({ ...one, isOn: one.name !== 'tick' })),
        }),
      },
      'triggers of restart',
      /"tick" is off/,
      /npm run deploy/,
    ],
    [
      'a trigger that is not there',
      {
        ports: ({ triggersOf }) => ({
          triggersOf: async (name) =>
            (await triggersOf(name)).filter((one) => one.name !== 'scaled'),
        }),
      },
      'triggers of launch',
      /"scaled" is not there/,
      /npm run deploy/,
    ],
    [
      'triggers that nobody may see',
      { ports: () => ({ triggersOf: refusing('forbidden', '') }) },
      'triggers of attach',
      /Cannot ask/,
      /grant fc:ListTriggers/,
    ],
    [
      'a chat door that does not start',
      {
        policy: CHATTING,
        ports: () => ({
          fetchAt: () => async () => ({ status: 502, headers: {}, body: 'Cannot start: …' }),
        }),
      },
      'chat door',
      /502 Cannot start/,
      /log of latchkey-chat/,
    ],
  ])('%s', async ([, illness, check, detail, mend], { expect }) => {
    const faults = faultsOf(await examined(illness));
    const found = faults.find((one) => one.check === check);
    expect(found, JSON.stringify(faults, null, 1)).toBeDefined();
    expect(found!.detail).toMatch(detail);
    expect(found!.mend).toMatch(mend);
  });
});

test('what is looked for is what s.yaml has', ({ expect }) => {
  const functions = readServerlessYaml({
    sYamlPath: 's.yaml',
    env: { WEBHOOK_SECRETS: SECRET_TEXT },
    config: { AccountID: '1000000000000000' },
  });
  const found = functions.map(({ functionName, triggers }) => [
    functionName,
    triggers.map(({ name }) => name).toSorted(),
  ]);
  expect(TRIGGERS).toEqual(Object.fromEntries(found));
});

test('what nobody can tell of the role of restart is no fault of it', async ({ expect }) => {
  const throttled = () => Promise.reject(new LatchkeyError('throttled', 'Cannot: Throttling.User'));
  expect(await examined({ rehearse: throttled })).toContainEqual({
    check: 'role of restart',
    state: 'skipped',
    detail: 'Cannot: Throttling.User',
    mend: 'not known: run it again',
  });
  const old = await examined({
    ports: ({ probe }) => ({ probe: { ...probe, answerTo: async () => 'seen' } }),
  });
  expect(old).toContainEqual({
    check: 'role of restart',
    state: 'skipped',
    detail: 'restart is of another version',
    mend: 'npm run deploy',
  });
});

test('a webhook that falls silent in between hides nothing of what was found', async ({
  expect,
}) => {
  const findings = await examined({
    ports: ({ fetch }) => ({
      fetch: (request) =>
        request.path === '/healthz' ? fetch(request) : Promise.reject(new Error('ECONNRESET')),
    }),
  });
  expect(findings).toContainEqual(ok('webhook', 'GET /healthz'));
  expect(faultsOf(findings)).toMatchObject([{ check: 'webhook', detail: 'no answer: ECONNRESET' }]);
  expect(findings).toContainEqual(ok('role of restart', 'may reboot and start'));
});

test('no finding repeats a secret', async ({ expect }) => {
  const secret = `whsec_${'QUJD'.repeat(2)}`;
  const environment = { CHAT_BUTTON_SECRET: secret, SLACK_BOT_TOKEN: 'QUJD QUJD' };
  const findings = [
    ...(await examined({ environment: { WEBHOOK_SECRETS: secret } })),
    ...(await examined({ policy: CHATTING, environment })),
  ];
  expect(JSON.stringify(findings)).not.toContain('QUJD');
});
