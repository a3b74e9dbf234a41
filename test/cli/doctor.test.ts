import { describe, test } from 'vitest';
import { type DoctorPorts, examine, type DoctorInput } from '../../cli/doctor/doctor.ts';
import { type Finding, ok } from '../../cli/doctor/finding.ts';
import { TRIGGERS } from '../../cli/doctor/trigger-checks.ts';
import { planProvision, requiredStores } from '../../cli/provision/provision.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import { readServerlessYaml } from '../../local/cloud/fc/configuration/read-s-yaml.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { createTablestore } from '../../local/cloud/tablestore/index.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { PROBE_CLIENT } from '../../shared/domain/rollouts/probe.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { QUEUE_SETTINGS, queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { smqSender } from '../../shared/outbound/smq/smq-sender.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';
import { tablestoreLedger } from '../../shared/outbound/store/request-ledger.ts';
import { REQUESTS } from '../../shared/outbound/store/tables.ts';
import { tableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import { tablestoreClient } from '../../shared/outbound/tablestore/client.ts';
import { aService } from '../support/attach-service.ts';
import { silent } from '../models/builders.ts';
import { aBatch } from '../support/cloud-events.ts';
import { context, SECRET_TEXT } from '../models/http-event.ts';
import { CONSOLE_RULE } from '../support/tokens.ts';
import { aMessenger } from '../support/messenger-world.ts';
import { withMethods } from '../support/with-methods.ts';
import ownPolicy from '../../policy.json' with { type: 'json' };

const RESULTS = 'latchkey-results';
const FINGERPRINT = '69:dd:a1:02:06:99:d6:38:32:f1:0f:47:31:f2:ae:e7';
const CHAT = 'latchkey-chat';
const WEBHOOK = 'https://latchkey-attach.example.com';
const CHAT_DOOR = 'https://latchkey-chat.cn-hangzhou.fcapp.run';
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

/** The same policy with chats. */
const CHATTING = { ...POLICY, chat: ownPolicy.chat, people: ownPolicy.people.slice(1, 2) };

const ENVIRONMENT = {
  SMQ_CHAT_QUEUE: CHAT,
  REGION_ID: 'cn-hangzhou',
  SMQ_QUEUE: RESULTS,
  SMQ_DEAD_LETTER_QUEUE: 'latchkey-dead',
  TABLESTORE_INSTANCE: 'latchkey',
  WEBHOOK_SECRETS: SECRET_TEXT,
};

/** The faults of one test. Everything else works. */
interface Illness {
  readonly policy?: unknown;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The secret of the doctor's AccessKey. */
  readonly accessKeySecret?: string;
  /** How far the doctor's clock is ahead. */
  readonly aheadMs?: number;
  readonly isRestartGone?: boolean;
  readonly isMessengerGone?: boolean;
  /** What ECS does to a rehearsed restart. */
  readonly rehearse?: () => Promise<void>;
  readonly ports?: (healthy: DoctorPorts) => Partial<DoctorPorts>;
  /** Changes the cloud before the checks. */
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
      http: async ({ method, url, headers, body }) => {
        if (!url.startsWith(WEBHOOK)) return { status: 200, headers: {}, body: '{"status":"ok"}' };
        const { pathname, searchParams } = new URL(url);
        const event = {
          version: 'v1',
          rawPath: pathname,
          body: body ?? '',
          headers,
          queryParameters: Object.fromEntries(searchParams),
          requestContext: { http: { method, path: pathname } },
        };
        const reply = await service.send(Buffer.from(JSON.stringify(event)));
        const date = new Date(world.now()).toUTCString();
        return { status: reply.statusCode, headers: { date }, body: reply.body };
      },
      triggersOf: async (functionName) =>
        TRIGGERS[functionName as keyof typeof TRIGGERS].map((name) => ({
          name,
          isOn: true,
          url: name === 'http' ? CHAT_DOOR : undefined,
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
    for (const step of await planProvision(requiredStores(QUEUES), healthy)) await step.run();
    await illness.plant?.(healthy);
    const ports = portsBy(illness.accessKeySecret ?? accessKeySecret);
    const input: DoctorInput = {
      policyText: Buffer.from(JSON.stringify(illness.policy ?? POLICY)),
      environment: { ...ENVIRONMENT, ...illness.environment },
      accountId: '1000000000000000',
      url: WEBHOOK,
      ports: { ...ports, ...illness.ports?.(ports) },
      nowMs: () => world.now() + (illness.aheadMs ?? 0),
    };
    return await examine(input);
  } finally {
    await Promise.all([queues.close(), rows.close()]);
  }
}

const faultsOf = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state === 'fault');

const refusing = (code: 'refused' | 'forbidden' | 'unreachable', vendorCode: string) => () =>
  Promise.reject(new LatchkeyError(code, `Cannot ask: ${vendorCode}`, { vendorCode }));

test('without faults every check is listed as ok', async ({ expect }) => {
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

test('with chats their checks run too', async ({ expect }) => {
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

describe('each fault says how to fix it:', () => {
  const healthyPolicy = POLICY.clients[0]!;
  test.for<[string, Illness, check: string, detail: RegExp, mend: RegExp]>([
    [
      'an invalid policy',
      { policy: { clients: [{ ...healthyPolicy, maxInstances: 0 }] } },
      'policy',
      /maxInstances/,
      /npm run policy -- check/,
    ],
    [
      'a missing secret',
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
      'a console with a malformed key',
      {
        policy: { ...POLICY, console: CONSOLE_RULE },
        environment: { CONSOLE_JWKS: '{"keys":[{"alg":"EdDSA"}]}' },
      },
      'settings',
      /CONSOLE_JWKS has a fault in its key 1/,
      /export CONSOLE_JWKS/,
    ],
    [
      'a malformed region',
      { environment: { REGION_ID: 'Hangzhou' } },
      'settings',
      /REGION_ID is "Hangzhou"/,
      /REGION_ID/,
    ],
    [
      'an invalid AccessKey',
      { accessKeySecret: 'wrong' },
      'queue latchkey-results',
      /SignatureDoesNotMatch/,
      /another AccessKey/,
    ],
    [
      'a missing permission',
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
      'an endpoint without a server',
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
      'a key pair that was replaced',
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
      /who replaced it/,
    ],
    [
      'a missing queue',
      { plant: ({ queue }) => queue(RESULTS).remove() },
      'queue latchkey-results',
      /does not exist/,
      /npx latchkey provision/,
    ],
    [
      'a missing dead-letter queue',
      { plant: ({ queue }) => queue('latchkey-dead').remove() },
      'queue latchkey-dead',
      /does not exist/,
      /npx latchkey provision/,
    ],
    [
      'a queue with other settings',
      { plant: ({ queue }) => queue(RESULTS).change({ ...QUEUE_SETTINGS, VisibilityTimeout: 1 }) },
      'queue latchkey-results',
      /VisibilityTimeout is 1/,
      /npx latchkey provision/,
    ],
    [
      'a missing table',
      { plant: ({ tables }) => tables.remove('plans') },
      'table plans',
      /does not exist/,
      /npx latchkey provision/,
    ],
    [
      'a table whose rows expire too early',
      { plant: ({ tables }) => tables.changeTimeToLive('instances', 86_400) },
      'table instances',
      /rows expire after 1 day/,
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
          http: async () => ({
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
      'a missing webhook',
      { ports: () => ({ http: () => Promise.reject(new Error('ECONNREFUSED')) }) },
      'webhook',
      /ECONNREFUSED/,
      /npm run deploy/,
    ],
    [
      'another service at its address, which accepts unsigned requests',
      { ports: () => ({ http: async () => ({ status: 200, headers: {}, body: '{}' }) }) },
      'webhook, unsigned',
      /200, not 401/,
      /--url/,
    ],
    [
      'a restart that receives no messages',
      { isRestartGone: true },
      'message through the queue',
      /did not answer within 30 s/,
      /trigger "queue"/,
    ],
    [
      'a messenger that receives no messages',
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
      'a missing function',
      {
        ports: () => ({
          triggersOf: () => Promise.reject(new LatchkeyError('not-found', 'Cannot list')),
        }),
      },
      'triggers of launch',
      /latchkey-launch does not exist/,
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
      'a missing trigger',
      {
        ports: ({ triggersOf }) => ({
          triggersOf: async (name) =>
            (await triggersOf(name)).filter((one) => one.name !== 'scaled'),
        }),
      },
      'triggers of launch',
      /"scaled" does not exist/,
      /npm run deploy/,
    ],
    [
      'triggers that may not be listed',
      { ports: () => ({ triggersOf: refusing('forbidden', '') }) },
      'triggers of attach',
      /Cannot ask/,
      /grant fc:ListTriggers/,
    ],
    [
      'a chat door that does not start',
      {
        policy: CHATTING,
        ports: ({ http }) => ({
          http: async (call) =>
            call.url.startsWith(CHAT_DOOR)
              ? { status: 502, headers: {}, body: 'Cannot start: …' }
              : http(call),
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

test('the expected triggers are those of s.yaml', ({ expect }) => {
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

test('an unknown permission of the role of restart is no fault', async ({ expect }) => {
  const throttled = () => Promise.reject(new LatchkeyError('throttled', 'Cannot: Throttling.User'));
  expect(await examined({ rehearse: throttled })).toContainEqual({
    check: 'role of restart',
    state: 'skipped',
    detail: 'Cannot: Throttling.User',
    mend: 'the result is unknown: run it again',
  });
  const old = await examined({
    ports: ({ probe }) => ({ probe: { ...probe, answerTo: async () => 'seen' } }),
  });
  expect(old).toContainEqual({
    check: 'role of restart',
    state: 'skipped',
    detail: 'restart is deployed in another version',
    mend: 'npm run deploy',
  });
});

test('a webhook that stops answering halfway keeps the earlier findings', async ({ expect }) => {
  const findings = await examined({
    ports: ({ http }) => ({
      http: (call) =>
        call.url.endsWith('/healthz') ? http(call) : Promise.reject(new Error('ECONNRESET')),
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
