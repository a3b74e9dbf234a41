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
});
afterAll(() => cloud.close());

const many = (n: number, value: unknown = 'x') =>
  columns(Object.fromEntries(Array.from({ length: n }, (_, i) => [`c${i}`, value])));
const put = (id: string, attributeColumns: object[]) =>
  cloud.client.putRow({
    tableName: 't',
    condition: condition.ignore,
    primaryKey: [{ id }],
    attributeColumns,
  });
const update = (changes: object[]) =>
  cloud.client.updateRow({
    tableName: 't',
    condition: condition.ignore,
    primaryKey: [{ id: 'wide' }],
    updateOfAttributeColumns: changes,
  });

test('1,024 columns are written at once, not 1,025, and a row may have more', async ({
  expect,
}) => {
  await put('wide', many(1024));
  for (const call of [put('wide', many(1025)), update([{ PUT: many(1025) }])]) {
    expect(await refusal(call)).toMatch(
      /^400 .*The number of attribute columns exceeds the limit, limit count: 1024, column count: 1025\./s,
    );
  }
  await update([{ PUT: [{ more: 'x' }] }]);
  const { row } = await cloud.client.getRow({ tableName: 't', primaryKey: [{ id: 'wide' }] });
  expect(Object.keys(plain(row)!)).toHaveLength(1025);
});

test('128 columns are asked for by name, not 129', async ({ expect }) => {
  const get = (n: number) =>
    cloud.client.getRow({
      tableName: 't',
      primaryKey: [{ id: 'wide' }],
      columnsToGet: Array.from({ length: n }, (_, i) => `c${i}`),
    });
  expect(Object.keys(plain((await get(128)).row)!)).toHaveLength(128);
  expect(await refusal(get(129))).toMatch(/^400 .*limit count: 128 , column count: 129\./s);
});

test('a value may have 2 MB, a write 4 MB', async ({ expect }) => {
  const MB = 1024 * 1024;
  await put('large', [{ a: 'x'.repeat(2 * MB) }]);
  expect(await refusal(put('large', [{ a: 'x'.repeat(2 * MB + 1) }]))).toMatch(
    /^400 .*The length of attribute column: 'a' exceeded the MaxLength: 2097152 with Current Length: 2097153\./s,
  );
  const full = Buffer.alloc(2 * MB);
  expect(await refusal(put('large', [{ a: full }, { b: full }]))).toMatch(
    /^400 .*The total data size of PutRow request exceeds the limit, limit size: 4194304/s,
  );
  const half = Buffer.alloc(2 * MB - 10);
  await put('large', [{ a: half }, { b: half }]);
});

test('a key may have 1 KB, counted in bytes', async ({ expect }) => {
  await put('é'.repeat(512), []);
  expect(await refusal(put('é'.repeat(512) + 'x', []))).toMatch(
    /^400 .*The length of primary key column: 'id' exceeds the MaxLength: 1024 with CurrentLength: 1025\./s,
  );
});

test('a column name may have 255 letters, digits and underscores', async ({ expect }) => {
  await put('names', [{ ['n'.repeat(255)]: 'x' }, { _1: 'x' }]);
  for (const name of ['n'.repeat(256), '1a', 'a.b', 'a b']) {
    expect(await refusal(put('names', [{ [name]: 'x' }]))).toMatch(/^400 .*Invalid column name/s);
  }
});
