import { describe, test } from 'vitest';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { createTablestore } from '../../local/cloud/tablestore/index.ts';
import {
  changes,
  planDeprovision,
  planProvision,
  type ProvisionPorts,
  requiredStores,
} from '../../cli/provision/provision.ts';
import { queueAdmin } from '../../shared/outbound/smq/queue-admin.ts';
import { TABLES } from '../../shared/outbound/store/tables.ts';
import { tableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import { keptSockets } from '../../shared/outbound/sockets.ts';

const WANTED = requiredStores(['latchkey-results', 'latchkey-dead']);

/** Both services over loopback, empty. */
async function withCloud(
  use: (cloud: {
    readonly smq: ReturnType<typeof createSmq>;
    readonly ports: ProvisionPorts;
  }) => Promise<void>,
): Promise<void> {
  const kernel = createKernel({
    settings: settingsWith({}),
    clock: virtualClock(Date.UTC(2026, 10, 24)),
  });
  const smq = createSmq(kernel);
  const tablestore = createTablestore(kernel);
  const [queues, rows] = await Promise.all([
    serve(kernel, smq.service, 0),
    serve(kernel, tablestore.service, 0),
  ]);
  const common = {
    credentials: () => Promise.resolve(kernel.account.issueSts('operator', 'i')),
    sockets: keptSockets(),
    wireNowMs: () => kernel.wallMs(),
  };
  const ports: ProvisionPorts = {
    queue: (queueName) =>
      queueAdmin({ endpoint: `http://127.0.0.1:${queues.port}`, queueName, ...common }),
    tables: tableAdmin({
      endpoint: `http://127.0.0.1:${rows.port}`,
      instanceName: 'latchkey',
      ...common,
    }),
  };
  try {
    await use({ smq, ports });
  } finally {
    await Promise.all([queues.close(), rows.close()]);
  }
}

const kindsOf = (steps: readonly { readonly kind: string }[]) => steps.map(({ kind }) => kind);

async function provision(ports: ProvisionPorts): Promise<void> {
  for (const step of await planProvision(WANTED, ports)) await step.run();
}

describe('provision', () => {
  test('creates every queue and table of an empty account, and a second run changes nothing', async ({
    expect,
  }) => {
    await withCloud(async ({ ports }) => {
      const first = await planProvision(WANTED, ports);
      expect(new Set(kindsOf(first))).toEqual(new Set(['create']));
      expect(first).toHaveLength(2 + TABLES.length);
      for (const step of first) await step.run();
      const second = await planProvision(WANTED, ports);
      expect(new Set(kindsOf(second))).toEqual(new Set(['keep']));
      expect(changes(second)).toEqual([]);
    });
  });

  test('changes nothing until a step is run', async ({ expect }) => {
    await withCloud(async ({ ports }) => {
      await planProvision(WANTED, ports);
      expect(await ports.tables.names()).toEqual([]);
      expect(await ports.queue('latchkey-dead').describe()).toBeUndefined();
    });
  });

  test('creates the tables that the functions need, those whose rows never expire included', async ({
    expect,
  }) => {
    await withCloud(async ({ ports }) => {
      await provision(ports);
      for (const table of TABLES) expect(await ports.tables.describe(table.name)).toEqual(table);
    });
  });

  test('changes a queue with other settings, prints the difference, and keeps the messages', async ({
    expect,
  }) => {
    await withCloud(async ({ smq, ports }) => {
      await provision(ports);
      const queue = ports.queue('latchkey-results');
      smq.send('latchkey-results', 'a message');
      const attributes = (await queue.describe())!;
      await queue.change({ ...attributes, VisibilityTimeout: 30 });
      const [step] = changes(await planProvision(WANTED, ports));
      expect(step).toMatchObject({
        kind: 'change',
        what: 'queue',
        name: 'latchkey-results',
        detail: 'VisibilityTimeout is 30, must be 180',
      });
      await step!.run();
      expect(await queue.describe()).toEqual(attributes);
      expect(smq.receive('latchkey-results', 16)).toMatchObject([{ body: 'a message' }]);
    });
  });

  test('changes the time to live of rows, and says that a key cannot be changed', async ({
    expect,
  }) => {
    await withCloud(async ({ ports }) => {
      await provision(ports);
      await ports.tables.changeTimeToLive('plans', 86_400);
      await ports.tables.remove('index');
      const primaryKey = [{ name: 'id', type: 'STRING' as const }];
      await ports.tables.create({ name: 'index', primaryKey, timeToLiveSeconds: -1 });
      const steps = await planProvision(WANTED, ports);
      expect(steps.filter(({ kind }) => kind !== 'keep')).toMatchObject([
        { kind: 'impossible', name: 'index', detail: expect.stringContaining('id STRING') },
        {
          kind: 'change',
          name: 'plans',
          detail: 'rows expire after 1 days, must be: rows expire after 5 days',
        },
      ]);
      for (const step of steps) await step.run();
      expect((await ports.tables.describe('plans'))?.timeToLiveSeconds).toBe(5 * 86_400);
      expect((await ports.tables.describe('index'))?.primaryKey).toEqual(primaryKey);
    });
  });

  test('cannot create a queue that exists with other settings, or a table that exists', async ({
    expect,
  }) => {
    await withCloud(async ({ ports }) => {
      await provision(ports);
      const queue = ports.queue('latchkey-dead');
      const attributes = (await queue.describe())!;
      await expect(queue.create({ ...attributes, VisibilityTimeout: 31 })).rejects.toMatchObject({
        code: 'refused',
        details: { vendorCode: 'QueueAlreadyExist' },
      });
      await queue.create(attributes);
      await expect(ports.tables.create(TABLES[0]!)).rejects.toMatchObject({ code: 'conflict' });
    });
  });
});

describe('deprovision', () => {
  test('deletes everything, and says what does not exist', async ({ expect }) => {
    await withCloud(async ({ ports }) => {
      await provision(ports);
      await ports.tables.remove('plans');
      const steps = await planDeprovision(WANTED, ports);
      expect(steps.filter(({ kind }) => kind !== 'remove')).toMatchObject([
        { kind: 'absent', what: 'table', name: 'plans' },
      ]);
      for (const step of steps) await step.run();
      expect(await ports.tables.names()).toEqual([]);
      expect(new Set(kindsOf(await planDeprovision(WANTED, ports)))).toEqual(new Set(['absent']));
      // Safe to repeat.
      await ports.queue('latchkey-dead').remove();
      await ports.tables.remove('plans');
    });
  });
});
