import TableStore, { type ClientRow } from 'tablestore';
import { afterAll, beforeAll, test } from 'vitest';
import { condition, plain, refusal, startCloud, type TestCloud } from './cloud.ts';

const { Long, INF_MIN, INF_MAX } = TableStore;
const { FORWARD, BACKWARD } = TableStore.Direction;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
  for (const name of ['r', 'big', 'many']) {
    cloud.store.createTable({
      name,
      primaryKey: [
        { name: 'day', type: 'STRING' },
        { name: 'n', type: 'INTEGER' },
      ],
      timeToLiveSeconds: -1,
    });
  }
  for (const [day, n] of [
    ['b', 1],
    ['a', -2],
    ['a', 10],
    ['b', -1],
    ['a', 9],
    ['ab', 0],
  ] as const) {
    await put('r', day, n, { [n % 2 === 0 ? 'even' : 'odd']: `${day}${n}` });
  }
});
afterAll(() => cloud.close());

const put = (tableName: string, day: string, n: number, values: object) =>
  cloud.client.putRow({
    tableName,
    condition: condition.ignore,
    primaryKey: [{ day }, { n: Long.fromNumber(n) }],
    attributeColumns: [values],
  });
const key = (day: unknown, n: unknown) => [
  { day },
  { n: typeof n === 'number' ? Long.fromNumber(n) : n },
];
const ALL = { from: key(INF_MIN, INF_MIN), to: key(INF_MAX, INF_MAX) };

async function range(from: object[], to: object[], more: object = {}) {
  const answer = await cloud.client.getRange({
    tableName: 'r',
    direction: FORWARD,
    inclusiveStartPrimaryKey: from,
    exclusiveEndPrimaryKey: to,
    ...more,
  });
  const { nextStartPrimaryKey: next } = answer;
  return { keys: answer.rows.map((row) => label(row)), next: next && label({ primaryKey: next }) };
}
const label = ({ primaryKey }: ClientRow) => primaryKey!.map(({ value }) => String(value)).join('');

test('a whole table is read forward and backward, by key', async ({ expect }) => {
  const keys = ['a-2', 'a9', 'a10', 'ab0', 'b-1', 'b1'];
  expect(await range(ALL.from, ALL.to)).toEqual({ keys, next: null });
  expect(await range(ALL.to, ALL.from, { direction: BACKWARD })).toEqual({
    keys: keys.toReversed(),
    next: null,
  });
});

test('the start belongs to the range and the end does not, both ways', async ({ expect }) => {
  expect((await range(key('a', 9), key('b', -1))).keys).toEqual(['a9', 'a10', 'ab0']);
  expect((await range(key('b', -1), key('a', 9), { direction: BACKWARD })).keys).toEqual([
    'b-1',
    'ab0',
    'a10',
  ]);
  expect((await range(key('a', INF_MIN), key('a', INF_MAX))).keys).toEqual(['a-2', 'a9', 'a10']);
  expect((await range(key('aa', 5), key('a', 9), { direction: BACKWARD })).keys).toEqual(['a10']);
  expect((await range(key('c', 0), key('d', 0))).keys).toEqual([]);
});

test('pages of two follow each other to the end', async ({ expect }) => {
  for (const direction of [FORWARD, BACKWARD]) {
    const to = direction === FORWARD ? ALL.to : ALL.from;
    let from: object[] | undefined = direction === FORWARD ? ALL.from : ALL.to;
    const pages: string[][] = [];
    while (from !== undefined) {
      const page = await cloud.client.getRange({
        tableName: 'r',
        direction,
        inclusiveStartPrimaryKey: from,
        exclusiveEndPrimaryKey: to,
        limit: 2,
      });
      pages.push(page.rows.map((row) => label(row)));
      from = page.nextStartPrimaryKey?.map(({ name, value }) => ({ [name]: value }));
    }
    const forward = [
      ['a-2', 'a9'],
      ['a10', 'ab0'],
      ['b-1', 'b1'],
    ];
    expect(pages).toEqual(
      direction === FORWARD ? forward : forward.toReversed().map((page) => page.toReversed()),
    );
  }
});

test('rows without any of the columns asked for are left out', async ({ expect }) => {
  expect((await range(ALL.from, ALL.to, { columnsToGet: ['odd'] })).keys).toEqual([
    'a9',
    'b-1',
    'b1',
  ]);
  expect((await range(ALL.from, ALL.to, { columnsToGet: ['odd', 'n'] })).keys).toHaveLength(6);
  expect(await range(ALL.from, ALL.to, { columnsToGet: ['odd'], limit: 1 })).toEqual({
    keys: ['a9'],
    next: 'a10',
  });
});

test('bounds in the wrong order, equal or incomplete are refused', async ({ expect }) => {
  expect(await refusal(range(ALL.to, ALL.from))).toMatch(
    /^400 .*Begin key must less than end key in FORWARD\./s,
  );
  expect(await refusal(range(ALL.from, ALL.from))).toMatch(/^400 .*Begin key must less/s);
  expect(await refusal(range(ALL.from, ALL.to, { direction: BACKWARD }))).toMatch(
    /^400 .*Begin key must more than end key in BACKWARD\./s,
  );
  expect(await refusal(range([{ day: INF_MIN }], ALL.to))).toMatch(/^400 .*OTSInvalidPK/s);
  expect(await refusal(range(ALL.from, ALL.to, { limit: -1 }))).toMatch(
    /^400 .*The limit must be greater than 0\./s,
  );
});

test('a page ends at 4 MB', async ({ expect }) => {
  for (let n = 0; n < 3; n++) await put('big', 'a', n, { x: 'x'.repeat(1.5 * 1024 * 1024) });
  const tableName = 'big';
  expect(await range(ALL.from, ALL.to, { tableName })).toEqual({ keys: ['a0', 'a1'], next: 'a2' });
  expect(await range(key('a', 2), ALL.to, { tableName })).toEqual({ keys: ['a2'], next: null });
  // Rows that are left out were scanned all the same.
  const none = await range(ALL.from, ALL.to, { tableName, columnsToGet: ['no_such'] });
  expect(none).toEqual({ keys: [], next: 'a2' });
});

test('a page ends at 5,000 rows, and a filter counts the rows it rejects', async ({ expect }) => {
  for (let batch = 0; batch < 26; batch++) {
    await cloud.client.batchWriteRow({
      tables: [
        {
          tableName: 'many',
          rows: Array.from({ length: 200 }, (_, i) => ({
            type: 'PUT',
            condition: condition.ignore,
            // Not in order, so that the index has to sort.
            primaryKey: key('a', ((batch * 200 + i) * 7919) % 5200),
            attributeColumns: [{ c: true }],
          })),
        },
      ],
    });
  }
  const tableName = 'many';
  const page = await range(ALL.from, ALL.to, { tableName });
  expect(page.keys).toEqual(Array.from({ length: 5000 }, (_, i) => `a${i}`));
  expect(page.next).toBe('a5000');
  expect((await range(ALL.from, ALL.to, { tableName, limit: 9000 })).keys).toHaveLength(5000);
  const columnFilter = new TableStore.SingleColumnCondition(
    'c',
    false,
    TableStore.ComparatorType.EQUAL,
    false,
  );
  const none = await range(ALL.from, ALL.to, { tableName, columnFilter });
  expect(none).toEqual({ keys: [], next: 'a5000' });
});

test('a range gives whole rows', async ({ expect }) => {
  const { rows } = await cloud.client.getRange({
    tableName: 'r',
    direction: FORWARD,
    inclusiveStartPrimaryKey: key('a', 9),
    exclusiveEndPrimaryKey: key('a', 10),
  });
  expect(rows.map((row) => plain(row))).toEqual([{ odd: 'a9' }]);
});
