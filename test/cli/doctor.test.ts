import { describe, test } from 'vitest';
import { type DoctorPorts, examine, type Patient } from '../../cli/doctor/doctor.ts';
import type { Finding } from '../../cli/doctor/finding.ts';
import { wantedOf } from '../../cli/provision/wanted.ts';
import { planProvision } from '../../cli/provision/provision.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { createTablestore } from '../../local/cloud/tablestore/index.ts';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import { PROBE } from '../../shared/domain/messages.ts';
import { queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { QUEUE_SETTINGS } from '../../shared/outbound/smq/queue-settings.ts';
import { smqQueue } from '../../shared/outbound/smq/smq-queue.ts';
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

const RESULTS = 'latchkey-results';
const FINGERPRINT = '69:dd:a1:02:06:99:d6:38:32:f1:0f:47:31:f2:ae:e7';
const QUEUES = [RESULTS, 'latchkey-dead'];

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

const ENVIRONMENT = {
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
  readonly ports?: (healthy: DoctorPorts) => Partial<DoctorPorts>;
  /** Done to the cloud before it is looked at. */
  readonly plant?: (ports: DoctorPorts) => Promise<void>;
}

/** Queues and tables over loopback, `attach` and `restart` with their real handlers. */
async function examined(illness: Illness = {}): Promise<readonly Finding[]> {
  const service = aService([{ instanceId: 'i-a' }]);
  const { world } = service;
  const kernel = createKernel({ settings: settingsWith({}), clock: virtualClock(world.now()) });
  const smq = createSmq(kernel);
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
      probe: {
        queue: smqQueue({ ...ofQueues, queueName: RESULTS, log: silent }),
        id: 'probe-1',
        nowMs: world.now,
        async pause(ms) {
          world.pass(ms);
          if (illness.isRestartGone !== true) await restart();
        },
        isAnswered: async (requestId) =>
          (await client.getRow({
            table: REQUESTS.name,
            key: [
              ['client', PROBE.client],
              ['requestId', requestId],
            ],
          })) !== undefined,
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
  const restart = async () => {
    const bodies = smq
      .receive(RESULTS, 16)
      .map(({ body }) => Buffer.from(body, 'base64').toString('utf8'));
    if (bodies.length > 0) await handler(aBatch(bodies), context);
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

const refusing = (code: 'forbidden' | 'unreachable', vendorCode: string) => () =>
  Promise.reject(new LatchkeyError(code, `Cannot ask: ${vendorCode}`, { vendorCode }));

test('whoever is well hears so, and what was looked at', async ({ expect }) => {
  const findings = await examined();
  expect(faultsOf(findings)).toEqual([]);
  expect(findings.map(({ check }) => check)).toEqual(
    expect.arrayContaining([
      'policy',
      'settings',
      'secrets of clients',
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
      'message through the queue',
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
      'secrets of clients',
      /WEBHOOK_SECRETS is missing/,
      /export WEBHOOK_SECRETS/,
    ],
    [
      'a secret that is too short',
      { environment: { WEBHOOK_SECRETS: 'whsec_QUJD' } },
      'secrets of clients',
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
          ecs: { ...ecs, describeInstances: refusing('forbidden', 'Forbidden.RAM') },
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
  ])('%s', async ([, illness, check, detail, mend], { expect }) => {
    const faults = faultsOf(await examined(illness));
    const found = faults.find((one) => one.check === check);
    expect(found, JSON.stringify(faults, null, 1)).toBeDefined();
    expect(found!.detail).toMatch(detail);
    expect(found!.mend).toMatch(mend);
  });
});

test('no finding repeats a secret', async ({ expect }) => {
  const WEBHOOK_SECRETS = `whsec_${'QUJD'.repeat(2)}`;
  expect(JSON.stringify(await examined({ environment: { WEBHOOK_SECRETS } }))).not.toContain(
    'QUJD',
  );
});
