import { afterAll, beforeAll, test } from 'vitest';
import { refusal, startCloud, type TestCloud } from '../cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud.close());

const create = (tableName: string, change: Record<string, object> = {}) =>
  cloud.client.createTable({
    tableMeta: { tableName, primaryKey: [{ name: 'id', type: 'STRING' }], ...change['meta'] },
    reservedThroughput: { capacityUnit: { read: 0, write: 0 } },
    tableOptions: { timeToLive: -1, maxVersions: 1, ...change['options'] },
  });

test('a table is created, listed, described, changed and deleted', async ({ expect }) => {
  await create('whole', {
    meta: {
      primaryKey: [
        { name: 's', type: 'STRING' },
        { name: 'i', type: 'INTEGER' },
        { name: 'b', type: 'BINARY' },
      ],
    },
  });
  await create('another');
  expect((await cloud.client.listTable({})).tableNames).toEqual(['another', 'whole']);
  const described = await cloud.client.describeTable({ tableName: 'whole' });
  expect(described.tableMeta.primaryKey.map(({ name, type }) => [name, type])).toEqual([
    ['s', 2],
    ['i', 1],
    ['b', 3],
  ]);
  expect(described).toMatchObject({
    tableOptions: { timeToLive: -1, maxVersions: 1, allowUpdate: true },
    tableStatus: 1,
  });
  await cloud.client.updateTable({ tableName: 'whole', tableOptions: { timeToLive: 90_000 } });
  const changed = await cloud.client.describeTable({ tableName: 'whole' });
  expect(changed.tableOptions).toMatchObject({ timeToLive: 90_000, maxVersions: 1 });
  await cloud.client.deleteTable({ tableName: 'another' });
  expect((await cloud.client.listTable({})).tableNames).toEqual(['whole']);
});

test('a table that is there is not created again, one that is not is not found', async ({
  expect,
}) => {
  await create('once');
  expect(await refusal(create('once'))).toMatch(
    /^409 .*OTSObjectAlreadyExist.*Requested table already exists\./s,
  );
  for (const call of [
    cloud.client.describeTable({ tableName: 'none' }),
    cloud.client.deleteTable({ tableName: 'none' }),
    cloud.client.updateTable({ tableName: 'none', tableOptions: { timeToLive: -1 } }),
  ]) {
    expect(await refusal(call)).toMatch(/^404 .*OTSObjectNotExist/s);
  }
});

test('a table for the start script is created once, and stays what it is', async ({ expect }) => {
  const spec = {
    name: 'seeded',
    primaryKey: [{ name: 'id', type: 'STRING' }],
    timeToLiveSeconds: 90 * 86_400,
  } as const;
  cloud.store.createTable(spec);
  cloud.store.createTable({ ...spec, timeToLiveSeconds: -1 });
  const { tableOptions } = await cloud.client.describeTable({ tableName: 'seeded' });
  expect(tableOptions.timeToLive).toBe(90 * 86_400);
  expect(() => cloud.store.createTable({ ...spec, name: 'x', timeToLiveSeconds: 60 })).toThrow(
    'TimeToLive cannot be less than 86400.',
  );
});

test('a table that cannot be is refused with what is wrong with it', async ({ expect }) => {
  const column = (name: string, type = 'STRING') => ({ name, type });
  const bad: [Record<string, object>, string][] = [
    [{ meta: { tableName: 'a-b' } }, "Invalid table name: 'a-b'."],
    [{ meta: { tableName: 'n'.repeat(256) } }, 'Invalid table name'],
    [{ meta: { primaryKey: [] } }, 'The number of primary key columns must be in range: [1, 4].'],
    [{ meta: { primaryKey: ['a', 'b', 'c', 'd', 'e'].map((n) => column(n)) } }, 'range: [1, 4]'],
    [{ meta: { primaryKey: [column('a'), column('a')] } }, "Duplicated primary key name: 'a'."],
    [{ meta: { primaryKey: [column('a-b')] } }, "Invalid column name: 'a-b'."],
    [{ meta: { primaryKey: [{ name: 'a', type: 9 }] } }, 'only STRING,INTEGER,BINARY is allowed'],
    [{ options: { timeToLive: 0 } }, 'TimeToLive cannot be 0 or less than -1.'],
    [{ options: { timeToLive: -2 } }, 'TimeToLive cannot be 0 or less than -1.'],
    [{ options: { timeToLive: 86_399 } }, 'TimeToLive cannot be less than 86400.'],
    [{ options: { timeToLive: undefined } }, 'Time-to-live is missing while creating table.'],
    [{ options: { maxVersions: undefined } }, 'MaxVersions is missing while creating table.'],
    [{ options: { maxVersions: 0 } }, 'Max versions must be positive'],
    [{ options: { maxVersions: 2 } }, 'The local cloud keeps one version'],
  ];
  for (const [change, message] of bad) {
    const answer = await refusal(create('bad', change));
    expect(answer).toMatch(/^400 .*OTSParameterInvalid/s);
    expect(answer).toContain(message);
  }
  const auto = create('bad', {
    meta: { primaryKey: [column('a'), { name: 'n', type: 'INTEGER', option: 'AUTO_INCREMENT' }] },
  });
  expect(await refusal(auto)).toMatch(/^400 .*OTSUnsupportOperation/s);
});

test('a table may forbid updates, and the 65th table is one too many', async ({ expect }) => {
  await create('fixed', { options: { allowUpdate: false } });
  const update = cloud.client.updateRow({
    tableName: 'fixed',
    condition: { rowExistenceExpectation: 0 },
    primaryKey: [{ id: 'a' }],
    updateOfAttributeColumns: [{ PUT: [{ a: 'x' }] }],
  });
  expect(await refusal(update)).toMatch(/^400 .*UpdateRow is not allowed/s);
  const { tableNames } = await cloud.client.listTable({});
  for (let n = tableNames.length; n < 64; n++) await create(`t${n}`);
  expect(await refusal(create('t64'))).toMatch(
    /^403 .*OTSQuotaExhausted.*Number of tables exceeded the quota\./s,
  );
});
