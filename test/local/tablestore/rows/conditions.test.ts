import TableStore, { type ColumnCondition, type SdkValue } from 'tablestore';
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

const { ComparatorType, CompositeCondition, LogicalOperator, Long, SingleColumnCondition } =
  TableStore;
const { IGNORE, EXPECT_EXIST } = TableStore.RowExistenceExpectation;

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await startCloud();
  cloud.store.createTable(simpleTable);
  await cloud.client.putRow({
    tableName: 't',
    condition: condition.absent,
    primaryKey: [{ id: 'row' }],
    attributeColumns: columns({
      n: Long.fromNumber(10),
      s: 'm',
      d: 1.5,
      b: true,
      x: Buffer.from('m'),
    }),
  });
});
afterAll(() => cloud.close());

const single = (
  name: string,
  comparator: keyof typeof ComparatorType,
  value: SdkValue,
  pass = false,
) => new SingleColumnCondition(name, value, ComparatorType[comparator], pass);
const composite = (operator: 'NOT' | 'AND' | 'OR', ...parts: ColumnCondition[]) => {
  const whole = new CompositeCondition(LogicalOperator[operator]);
  for (const part of parts) whole.addSubCondition(part);
  return whole;
};

/** Whether an update on this condition goes through. */
async function holds(
  column: ColumnCondition | null,
  existence = IGNORE,
  id = 'row',
): Promise<boolean> {
  const answer = await refusal(
    cloud.client.updateRow({
      tableName: 't',
      condition: new TableStore.Condition(existence, column),
      primaryKey: [{ id }],
      updateOfAttributeColumns: [{ PUT: [{ touched: true }] }],
    }),
  );
  if (answer === 'not refused') return true;
  if (/^403 .*OTSConditionCheckFail.*Condition check failed\./s.test(answer)) return false;
  throw new Error(answer);
}

test('a row is claimed once: put where none is expected', async ({ expect }) => {
  const claim = () =>
    cloud.client.putRow({
      tableName: 't',
      condition: condition.absent,
      primaryKey: [{ id: 'claim' }],
      attributeColumns: [{ owner: 'me' }],
    });
  const answers = await Promise.all([refusal(claim()), refusal(claim()), refusal(claim())]);
  expect(answers.filter((answer) => answer === 'not refused')).toHaveLength(1);
  expect(answers.filter((answer) => answer.includes('OTSConditionCheckFail'))).toHaveLength(2);
});

test('a row is expected to be there', async ({ expect }) => {
  expect(await holds(null, EXPECT_EXIST, 'nobody')).toBe(false);
  expect(await holds(null, EXPECT_EXIST, 'row')).toBe(true);
});

test('every comparison holds below, at and above as it says', async ({ expect }) => {
  const triples: [string, SdkValue, SdkValue, SdkValue][] = [
    ['n', Long.fromNumber(9), Long.fromNumber(10), Long.fromNumber(11)],
    ['s', 'l', 'm', 'mm'],
    ['d', -2.5, 1.5, 1.75],
    ['x', Buffer.from('l'), Buffer.from('m'), Buffer.from('n')],
  ];
  const truth = {
    EQUAL: [false, true, false],
    NOT_EQUAL: [true, false, true],
    GREATER_THAN: [true, false, false],
    GREATER_EQUAL: [true, true, false],
    LESS_THAN: [false, false, true],
    LESS_EQUAL: [false, true, true],
  } as const;
  for (const [name, ...values] of triples) {
    for (const comparator of Object.keys(truth) as (keyof typeof truth)[]) {
      const found = [];
      for (const value of values) found.push(await holds(single(name, comparator, value)));
      expect([name, comparator, ...found]).toEqual([name, comparator, ...truth[comparator]]);
    }
  }
  expect(await holds(single('b', 'EQUAL', true))).toBe(true);
  expect(await holds(single('b', 'EQUAL', false))).toBe(false);
});

test('strings compare by their UTF-8 bytes, not by UTF-16', async ({ expect }) => {
  await cloud.client.putRow({
    tableName: 't',
    condition: condition.ignore,
    primaryKey: [{ id: 'utf' }],
    attributeColumns: [{ s: '\u{1f511}' }],
  });
  expect(await holds(single('s', 'GREATER_THAN', '\uff5e'), IGNORE, 'utf')).toBe(true);
});

test('a value of another type fulfils nothing', async ({ expect }) => {
  expect(await holds(single('n', 'EQUAL', '10'))).toBe(false);
  expect(await holds(single('n', 'NOT_EQUAL', '10'))).toBe(false);
});

test('a missing column passes when it may, also of a row that is not there', async ({ expect }) => {
  expect(await holds(single('none', 'EQUAL', 'x', true))).toBe(true);
  expect(await holds(single('none', 'EQUAL', 'x', false))).toBe(false);
  expect(await holds(single('none', 'EQUAL', 'x', false), IGNORE, 'absent_1')).toBe(false);
  expect(await holds(single('none', 'EQUAL', 'x', true), IGNORE, 'absent_2')).toBe(true);
});

test('conditions combine', async ({ expect }) => {
  const yes = () => single('s', 'EQUAL', 'm');
  const no = () => single('s', 'EQUAL', 'no');
  expect(await holds(composite('NOT', no()))).toBe(true);
  expect(await holds(composite('AND', yes(), no()))).toBe(false);
  expect(await holds(composite('OR', no(), no(), yes()))).toBe(true);
  expect(await holds(composite('AND', yes(), composite('NOT', composite('OR', no(), no()))))).toBe(
    true,
  );
});

test('ten conditions are taken and eleven are not, nor is a bad number of parts', async ({
  expect,
}) => {
  const many = (n: number) =>
    composite('AND', ...Array.from({ length: n }, () => single('s', 'EQUAL', 'm')));
  expect(await holds(many(10))).toBe(true);
  await expect(holds(many(11))).rejects.toThrow('The count of filter exceeds the max: 10.');
  await expect(holds(many(1))).rejects.toThrow('Invalid AND/OR operator');
  await expect(
    holds(composite('NOT', single('s', 'EQUAL', 'm'), single('s', 'EQUAL', 'm'))),
  ).rejects.toThrow('Invalid NOT operator');
  const deep = (n: number): ColumnCondition =>
    n === 0 ? single('s', 'EQUAL', 'm') : composite('NOT', deep(n - 1));
  await expect(holds(deep(200))).rejects.toThrow('The count of filter exceeds the max: 10.');
});

test('a version column makes compare-and-set: of two writers one goes through', async ({
  expect,
}) => {
  const id = 'cas';
  await cloud.client.putRow({
    tableName: 't',
    condition: condition.absent,
    primaryKey: [{ id }],
    attributeColumns: [{ version: Long.fromNumber(1) }],
  });
  const write = (by: string) =>
    cloud.client.updateRow({
      tableName: 't',
      condition: new TableStore.Condition(
        EXPECT_EXIST,
        single('version', 'EQUAL', Long.fromNumber(1)),
      ),
      primaryKey: [{ id }],
      updateOfAttributeColumns: [{ PUT: [{ version: Long.fromNumber(2) }, { [by]: true }] }],
    });
  const answers = await Promise.all([refusal(write('a')), refusal(write('b'))]);
  expect(answers.filter((answer) => answer === 'not refused')).toHaveLength(1);
  const { row } = await cloud.client.getRow({ tableName: 't', primaryKey: [{ id }] });
  expect(Object.keys(plain(row)!)).toHaveLength(2);
});

test('a refused condition changes nothing', async ({ expect }) => {
  const deletion = cloud.client.deleteRow({
    tableName: 't',
    condition: new TableStore.Condition(IGNORE, single('s', 'EQUAL', 'no')),
    primaryKey: [{ id: 'row' }],
  });
  expect(await refusal(deletion)).toMatch(/^403 .*OTSConditionCheckFail/s);
  const { row } = await cloud.client.getRow({ tableName: 't', primaryKey: [{ id: 'row' }] });
  expect(plain(row)).toMatchObject({ s: 'm' });
});

test('a filter lets a read see only the rows that fulfil it', async ({ expect }) => {
  const read = async (columnFilter: ColumnCondition, more: object = {}) =>
    plain(
      (
        await cloud.client.getRow({
          tableName: 't',
          primaryKey: [{ id: 'row' }],
          columnFilter,
          ...more,
        })
      ).row,
    );
  expect(await read(single('s', 'EQUAL', 'm'))).toBeDefined();
  expect(await read(single('s', 'EQUAL', 'no'))).toBeUndefined();
  // Columns that are not read are missing for the filter.
  expect(await read(single('s', 'EQUAL', 'm'), { columnsToGet: ['n'] })).toBeUndefined();
});
