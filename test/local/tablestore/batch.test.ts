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
} from './cloud.ts';

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.store.createTable(simpleTable);
  cloud.store.createTable({ ...simpleTable, name: 'other' });
});
afterAll(() => cloud.close());

const row = (type: 'PUT' | 'UPDATE' | 'DELETE', id: string, more: object = {}) => ({
  type,
  condition: condition.ignore,
  primaryKey: [{ id }],
  attributeColumns: type === 'UPDATE' ? [{ PUT: [{ by: 'batch' }] }] : columns({ by: 'batch' }),
  ...more,
});
const write = (rows: object[], tableName = 't') =>
  cloud.client.batchWriteRow({ tables: [{ tableName, rows }] });
const read = (ids: string[], more: object = {}) =>
  cloud.client.batchGetRow({
    tables: [{ tableName: 't', primaryKey: ids.map((id) => [{ id }]), ...more }],
  });

test('one failing row fails alone, and answers keep the order', async ({ expect }) => {
  await write([row('PUT', 'there'), row('PUT', 'to_delete')]);
  const { tables } = await write([
    row('PUT', 'new'),
    row('PUT', 'there', { condition: condition.absent }),
    row('UPDATE', 'updated'),
    row('DELETE', 'to_delete'),
    row('UPDATE', 'nobody', { condition: condition.exists }),
    row('PUT', 'x', { primaryKey: [{ wrong: 'x' }] }),
  ]);
  expect(
    tables.map(({ isOk, errorCode, errorMessage }) => [isOk, errorCode, errorMessage]),
  ).toEqual([
    [true, null, null],
    [false, 'OTSConditionCheckFail', 'Condition check failed.'],
    [true, null, null],
    [true, null, null],
    [false, 'OTSConditionCheckFail', 'Condition check failed.'],
    [false, 'OTSInvalidPK', 'Validate PK name fail. Input: wrong, Meta: id.'],
  ]);
  const { tables: found } = await read(['new', 'updated', 'to_delete', 'nobody']);
  expect(found[0]!.map((each) => [each.isOk, plain(each)])).toEqual([
    [true, { by: 'batch' }],
    [true, { by: 'batch' }],
    [true, undefined],
    [true, undefined],
  ]);
});

test('a batch reads from several tables, chosen columns only', async ({ expect }) => {
  await write([row('PUT', 'a', { attributeColumns: columns({ x: '1', y: '2' }) })]);
  await write([row('PUT', 'a', { attributeColumns: columns({ x: '3', y: '4' }) })], 'other');
  const { tables } = await cloud.client.batchGetRow({
    tables: ['t', 'other'].map((tableName) => ({
      tableName,
      primaryKey: [[{ id: 'a' }], [{ id: 'none' }]],
      columnsToGet: ['y'],
    })),
  });
  expect(tables.map((rows) => rows.map((each) => plain(each)))).toEqual([
    [{ y: '2' }, undefined],
    [{ y: '4' }, undefined],
  ]);
});

test('a wrong key fails its own row of a read', async ({ expect }) => {
  const { tables } = await cloud.client.batchGetRow({
    tables: [{ tableName: 't', primaryKey: [[{ id: 'a' }], [{ wrong: 'a' }]] }],
  });
  expect(tables[0]!.map(({ isOk, errorCode }) => [isOk, errorCode])).toEqual([
    [true, null],
    [false, 'OTSInvalidPK'],
  ]);
});

test('200 rows are written and 100 read at once, and no more', async ({ expect }) => {
  const ids = Array.from({ length: 201 }, (_, i) => `many_${i}`);
  const rows = ids.map((id) => row('PUT', id));
  expect(await refusal(write(rows))).toMatch(/^400 .*Rows count exceeds the upper limit: 200\./s);
  const { tables } = await write(rows.slice(1));
  expect(tables.filter(({ isOk }) => isOk)).toHaveLength(200);
  expect(await refusal(read(ids.slice(0, 101)))).toMatch(
    /^400 .*Rows count exceeds the upper limit: 100\./s,
  );
  const found = (await read(ids.slice(1, 101))).tables[0]!;
  expect(found.filter((each) => plain(each) !== undefined)).toHaveLength(100);
});

test('a batch that is wrong as a whole changes nothing', async ({ expect }) => {
  const bad: [object[], RegExp][] = [
    [[], /No row is specified in BatchWriteRow/],
    [[row('PUT', 'w'), row('UPDATE', 'w')], /Duplicate rows detected in MultiPut/],
    [
      [row('PUT', 'w'), row('PUT', 'w', { condition: condition.absent })],
      /Repeated rows do not support row exist expectation check/,
    ],
    [
      [row('PUT', 'w'), row('PUT', 'v', { attributeColumns: [{ 'a-b': 1 }] })],
      /Invalid column name/,
    ],
    [
      Array.from({ length: 3 }, (_, i) =>
        row('PUT', `w${i}`, { attributeColumns: [{ a: 'x'.repeat(1.5 * 1024 * 1024) }] }),
      ),
      /The total data size of BatchWriteRow request exceeds the limit, limit size: 4194304/,
    ],
  ];
  for (const [rows, message] of bad) {
    const answer = await refusal(write(rows));
    expect(answer).toMatch(/^400 .*OTSParameterInvalid/s);
    expect(answer).toMatch(message);
  }
  expect(await refusal(write([row('PUT', 'w')], 'none'))).toMatch(/^404 .*OTSObjectNotExist/s);
  const found = (await read(['w', 'v', 'w0'])).tables[0]!;
  expect(found.map((each) => plain(each))).toEqual([undefined, undefined, undefined]);

  expect(await refusal(read([]))).toMatch(/^400 .*No row specified in the request of BatchGetRow/s);
  expect(await refusal(read(['a', 'a']))).toMatch(/^400 .*Duplicate rows detected in MultiGet/s);
  const twice = cloud.client.batchWriteRow({
    tables: [1, 2].map((i) => ({ tableName: 't', rows: [row('PUT', `twice_${i}`)] })),
  });
  expect(await refusal(twice)).toMatch(/^400 .*Duplicated table name: 't'/s);
});

test('keys and counters are returned row by row', async ({ expect }) => {
  const { Primarykey, AfterModify } = TableStore.ReturnType;
  const { tables } = await write([
    row('PUT', 'k', { returnContent: { returnType: Primarykey } }),
    row('UPDATE', 'c', {
      attributeColumns: [{ INCREMENT: [{ n: TableStore.Long.fromNumber(3) }] }],
      returnContent: { returnType: AfterModify, returnColumns: ['n'] },
    }),
  ]);
  expect(tables[0]!.primaryKey).toEqual([{ name: 'id', value: 'k' }]);
  expect(tables[1]!.attributes![0]!.columnValue.toString()).toBe('3');
});
