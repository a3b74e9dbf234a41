import TableStore from 'tablestore';
import { afterAll, beforeAll, test } from 'vitest';
import {
  columns,
  condition,
  plain,
  refusal,
  simpleTable,
  startCloud,
  type TestCloud,
} from '../cloud.ts';

const { Long } = TableStore;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.store.createTable(simpleTable);
  cloud.store.createTable({
    name: 'three',
    primaryKey: [
      { name: 's', type: 'STRING' },
      { name: 'n', type: 'INTEGER' },
      { name: 'b', type: 'BINARY' },
    ],
    timeToLiveSeconds: -1,
  });
});
afterAll(() => cloud.close());

const put = (id: string, values: Record<string, unknown>, cond: object = condition.ignore) =>
  cloud.client.putRow({
    tableName: 't',
    condition: cond,
    primaryKey: [{ id }],
    attributeColumns: columns(values),
  });
const update = (id: string, changes: object[], more: object = {}) =>
  cloud.client.updateRow({
    tableName: 't',
    condition: condition.ignore,
    primaryKey: [{ id }],
    updateOfAttributeColumns: changes,
    ...more,
  });
const get = async (id: string, more: object = {}) =>
  plain((await cloud.client.getRow({ tableName: 't', primaryKey: [{ id }], ...more })).row);

test('a row of every type of value comes back as it was put, its columns by name', async ({
  expect,
}) => {
  const values = {
    z_text: 'Schlüssel 钥匙 🔑',
    empty: '',
    whole: Long.fromNumber(-9_007_199_254_740_991),
    real: -0.125,
    yes: true,
    no: false,
    bytes: Buffer.from([0, 255, 10]),
  };
  await put('types', values);
  const { row } = await cloud.client.getRow({ tableName: 't', primaryKey: [{ id: 'types' }] });
  expect(plain(row)).toEqual({ ...values, whole: -9_007_199_254_740_991n });
  const names = row.attributes!.map(({ columnName }) => columnName);
  expect(names).toEqual(names.toSorted());
  expect(row.primaryKey).toEqual([{ name: 'id', value: 'types' }]);
  expect(row.attributes![0]!.timestamp.toNumber()).toBe(cloud.clock.nowMs());
});

test('keys of all types name one row, and stay apart', async ({ expect }) => {
  const key = (s: string, n: number, b: number[]) => [
    { s },
    { n: Long.fromNumber(n) },
    { b: Buffer.from(b) },
  ];
  const keys = [
    key('a', 1, []),
    key('a', -1, []),
    key('a', 1, [0]),
    key('', 1, []),
    key('a\0', 1, []),
  ];
  for (const [i, primaryKey] of keys.entries()) {
    await cloud.client.putRow({
      tableName: 'three',
      condition: condition.absent,
      primaryKey,
      attributeColumns: [{ i: Long.fromNumber(i) }],
    });
  }
  for (const [i, primaryKey] of keys.entries()) {
    const { row } = await cloud.client.getRow({ tableName: 'three', primaryKey });
    expect(plain(row)).toEqual({ i: BigInt(i) });
  }
});

test('a row that is not there is no error', async ({ expect }) => {
  expect(await get('nowhere')).toBeUndefined();
});

test('put replaces the whole row, update changes the columns it names', async ({ expect }) => {
  await put('r', { a: 'old', b: 'old' });
  await put('r', { b: 'new', c: 'new' });
  expect(await get('r')).toEqual({ b: 'new', c: 'new' });
  await update('r', [
    { PUT: [{ a: 'newer' }, { b: 'newer' }] },
    { DELETE_ALL: ['c', 'not_there'] },
  ]);
  expect(await get('r')).toEqual({ a: 'newer', b: 'newer' });
  await update('made', [{ PUT: [{ a: 'by update' }] }]);
  expect(await get('made')).toEqual({ a: 'by update' });
});

test('a row lives on when its last column is deleted, until it is deleted itself', async ({
  expect,
}) => {
  await put('bare', { a: 'x' });
  await update('bare', [{ DELETE_ALL: ['a'] }]);
  expect(await get('bare')).toEqual({});
  const gone = { tableName: 't', condition: condition.exists, primaryKey: [{ id: 'bare' }] };
  await cloud.client.deleteRow(gone);
  expect(await get('bare')).toBeUndefined();
  expect(await refusal(cloud.client.deleteRow(gone))).toMatch(/^403 .*OTSConditionCheckFail/s);
});

test('one version is deleted by its timestamp only', async ({ expect }) => {
  await put('v', { a: 'x' });
  await update('v', [{ DELETE: [{ a: cloud.clock.nowMs() - 1 }] }]);
  expect(await get('v')).toEqual({ a: 'x' });
  await update('v', [{ DELETE: [{ a: cloud.clock.nowMs() }] }]);
  expect(await get('v')).toEqual({});
});

test('of two versions the newer stays, and a version far from now is refused', async ({
  expect,
}) => {
  const nowMs = cloud.clock.nowMs();
  const at = (timestamp: number, a: string) => update('ts', [{ PUT: [{ a, timestamp }] }]);
  await at(nowMs, 'newer');
  await at(nowMs - 1000, 'older');
  expect(await get('ts')).toEqual({ a: 'newer' });
  expect(await refusal(at(nowMs - 86_400_001, 'x'))).toMatch(/^400 .*Invalid timestamp/s);
  expect(await refusal(at(nowMs + 86_400_000, 'x'))).toMatch(/^400 .*Invalid timestamp/s);
});

test('a counter counts from nothing, tells its value when asked, and cannot overflow', async ({
  expect,
}) => {
  const count = (by: number, more: object = {}) =>
    update('counter', [{ INCREMENT: [{ hits: Long.fromNumber(by) }] }], more);
  await count(5);
  const { AfterModify } = TableStore.ReturnType;
  const { row } = await count(-7, {
    returnContent: { returnType: AfterModify, returnColumns: ['hits'] },
  });
  expect(row.attributes![0]!.columnValue.toString()).toBe('-2');
  expect(await get('counter')).toEqual({ hits: -2n });

  const most = Buffer.from('ffffffffffffff7f', 'hex');
  await put('counter', { hits: Long.fromNumber(most), text: 'x' });
  expect(await refusal(count(1))).toMatch(/^400 .*OTSParameterInvalid.*overflow/s);
  const onText = update('counter', [{ INCREMENT: [{ text: Long.fromNumber(1) }] }]);
  expect(await refusal(onText)).toMatch(/^400 .*OTSParameterInvalid/s);
  const twice = update('counter', [
    { INCREMENT: [{ hits: Long.fromNumber(1) }] },
    { PUT: [{ hits: Long.fromNumber(1) }] },
  ]);
  expect(await refusal(twice)).toMatch(/^400 .*OTSParameterInvalid/s);
});

test('the primary key is returned when asked for, and not otherwise', async ({ expect }) => {
  const { Primarykey } = TableStore.ReturnType;
  const params = {
    tableName: 't',
    condition: condition.ignore,
    primaryKey: [{ id: 'pk' }],
    attributeColumns: [],
  };
  const asked = await cloud.client.putRow({ ...params, returnContent: { returnType: Primarykey } });
  expect(asked.row.primaryKey).toEqual([{ name: 'id', value: 'pk' }]);
  expect((await cloud.client.putRow(params)).row).toEqual({});
});

test('a read gives the columns it asks for, and no row when it has none of them', async ({
  expect,
}) => {
  await put('wide', { a: '1', b: '2', c: '3' });
  expect(await get('wide', { columnsToGet: ['c', 'a', 'a', 'zzz'] })).toEqual({ a: '1', c: '3' });
  expect(await get('wide', { columnsToGet: ['zzz'] })).toBeUndefined();
  expect(await get('wide', { columnsToGet: ['id'] })).toEqual({});
});

test('what is not emulated is refused, not ignored', async ({ expect }) => {
  for (const more of [
    { timeRange: { startTime: 0, endTime: 1 } },
    { startColumn: 'a' },
    { endColumn: 'b' },
    { transactionId: 'x' },
  ]) {
    expect(await refusal(get('wide', more))).toMatch(/^400 .*OTSUnsupportOperation/s);
  }
});

test('a table that is not there, a wrong key and a wrong name are refused', async ({ expect }) => {
  const getFrom = (tableName: string, primaryKey: object[]) =>
    refusal(cloud.client.getRow({ tableName, primaryKey }));
  expect(await getFrom('none', [{ id: 'x' }])).toMatch(
    /^404 .*OTSObjectNotExist.*Requested table does not exist\./s,
  );
  expect(await getFrom('t', [{ no: 'x' }])).toMatch(
    /^400 .*OTSInvalidPK.*Validate PK name fail\. Input: no, Meta: id\./s,
  );
  expect(await getFrom('t', [{ id: Long.fromNumber(1) }])).toMatch(
    /^400 .*OTSInvalidPK.*Validate PK type fail\. Input: VT_INTEGER, Meta: VT_STRING\./s,
  );
  expect(await getFrom('t', [{ id: 'x' }, { more: 'x' }])).toMatch(
    /^400 .*OTSInvalidPK.*Validate PK size fail\. Input: 2, Meta: 1\./s,
  );
  expect(await getFrom('t', [{ id: TableStore.INF_MIN }])).toMatch(/^400 .*OTSInvalidPK/s);
  expect(await getFrom('no-such', [{ id: 'x' }])).toMatch(/^400 .*Invalid table name: 'no-such'/s);
  expect(await refusal(put('x', { 'i-bp1': 'x' }))).toMatch(
    /^400 .*OTSParameterInvalid.*Invalid column name: 'i-bp1'/s,
  );
  expect(await refusal(put('x', { id: 'x' }))).toMatch(
    /^400 .*Duplicated attribute column name with primary key column: 'id'/s,
  );
});

test('the state shows tables and rows as plain JSON', async ({ expect }) => {
  await put('shown', { n: Long.fromNumber(7), bytes: Buffer.from('x'), ok: true });
  const state = JSON.parse(JSON.stringify(cloud.store.state())) as {
    name: string;
    rows: { primaryKey: { id: string } }[];
  }[];
  expect(state.map(({ name }) => name)).toEqual(['t', 'three']);
  expect(state[0]).toMatchObject({
    primaryKey: [{ name: 'id', type: 'STRING' }],
    options: { timeToLiveSeconds: -1, maxVersions: 1 },
  });
  expect(state[0]!.rows.find(({ primaryKey }) => primaryKey.id === 'shown')).toEqual({
    primaryKey: { id: 'shown' },
    columns: { n: 7, bytes: 'eA==', ok: true },
  });
});
