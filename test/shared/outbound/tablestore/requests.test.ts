import fc from 'fast-check';
import { test } from 'vitest';
import type { Columns, RangeEnd } from '../../../../shared/outbound/tablestore/model.ts';
import {
  batchGetRowRequest,
  batchWriteRowRequest,
  getRangeRequest,
  getRowRequest,
  writeRowRequest,
} from '../../../../shared/outbound/tablestore/requests.ts';
import { columns, condition, primaryKey, rowWrite } from './arbitraries.ts';
import { columnsOf, keyOf, officialCondition, officialRequest } from './oracle.ts';

/** Every request is compared byte for byte with what the official package sends. */

const RUNS = { numRuns: 50 };
const someColumns = fc.array(fc.constantFrom('version', 'header', 'i0000'), { maxLength: 3 });
const columnsToGet = (names: readonly string[]) =>
  names.length === 0 ? {} : { columnsToGet: names };

test('GetRow', async ({ expect }) => {
  fc.assert(
    fc.property(primaryKey, someColumns, (key, names) => {
      const theirs = officialRequest('GetRow', {
        tableName: 'rollouts',
        primaryKey: keyOf(key),
        ...columnsToGet(names),
      });
      expect(getRowRequest({ table: 'rollouts', key, columns: names }).equals(theirs)).toBe(true);
    }),
    RUNS,
  );
});

test('PutRow, with any condition', async ({ expect }) => {
  fc.assert(
    fc.property(primaryKey, columns, condition, (key, puts, when) => {
      const theirs = officialRequest('PutRow', {
        tableName: 'rollouts',
        primaryKey: keyOf(key),
        attributeColumns: columnsOf(puts),
        condition: officialCondition(when),
      });
      const ours = writeRowRequest('rollouts', {
        kind: 'put',
        key,
        columns: puts,
        condition: when,
      });
      expect(ours.equals(theirs)).toBe(true);
    }),
    RUNS,
  );
});

test('UpdateRow, with any condition', async ({ expect }) => {
  const atLeastOne: fc.Arbitrary<Columns> = columns.filter(({ size }) => size > 0);
  fc.assert(
    fc.property(primaryKey, atLeastOne, condition, (key, puts, when) => {
      const write = { kind: 'update', key, columns: puts, condition: when } as const;
      const theirs = officialRequest('UpdateRow', {
        tableName: 'rollouts',
        primaryKey: keyOf(key),
        updateOfAttributeColumns: [{ PUT: columnsOf(puts) }],
        condition: officialCondition(when),
      });
      expect(writeRowRequest('rollouts', write).equals(theirs)).toBe(true);
    }),
    RUNS,
  );
});

test('DeleteRow', async ({ expect }) => {
  fc.assert(
    fc.property(primaryKey, condition, (key, when) => {
      const theirs = officialRequest('DeleteRow', {
        tableName: 'rollouts',
        primaryKey: keyOf(key),
        condition: officialCondition(when),
      });
      const ours = writeRowRequest('rollouts', { kind: 'delete', key, condition: when });
      expect(ours.equals(theirs)).toBe(true);
    }),
    RUNS,
  );
});

test('BatchGetRow', async ({ expect }) => {
  fc.assert(
    fc.property(
      fc.array(primaryKey, { minLength: 1, maxLength: 5 }),
      someColumns,
      (keys, names) => {
        const theirs = officialRequest('BatchGetRow', {
          tables: [{ tableName: 'instances', primaryKey: keys.map(keyOf), ...columnsToGet(names) }],
        });
        const ours = batchGetRowRequest({ table: 'instances', keys, columns: names });
        expect(ours.equals(theirs)).toBe(true);
      },
    ),
    RUNS,
  );
});

test('BatchWriteRow, with puts, updates and deletes', async ({ expect }) => {
  fc.assert(
    fc.property(fc.array(rowWrite, { minLength: 1, maxLength: 5 }), (writes) => {
      const theirs = officialRequest('BatchWriteRow', {
        tables: [
          {
            tableName: 'instances',
            rows: writes.map((write) => ({
              type: write.kind.toUpperCase(),
              primaryKey: keyOf(write.key),
              attributeColumns:
                write.kind === 'put'
                  ? columnsOf(write.columns)
                  : write.kind === 'update' && write.columns.size > 0
                    ? [{ PUT: columnsOf(write.columns) }]
                    : [],
              condition: officialCondition(write.condition),
            })),
          },
        ],
      });
      expect(batchWriteRowRequest('instances', writes).equals(theirs)).toBe(true);
    }),
    RUNS,
  );
});

test.for(['forward', 'backward'] as const)('GetRange %s', (direction, { expect }) => {
  const start: RangeEnd = [
    ['day', 'open'],
    ['time', 0],
  ];
  const end: RangeEnd = [
    ['day', '2026-11-24'],
    ['time', 1_795_000_000_000],
  ];
  const theirs = officialRequest('GetRange', {
    tableName: 'index',
    direction: direction.toUpperCase(),
    inclusiveStartPrimaryKey: keyOf(start),
    exclusiveEndPrimaryKey: keyOf(end),
    limit: 300,
    columnsToGet: ['kept'],
  });
  const ours = getRangeRequest({
    table: 'index',
    direction,
    start,
    end,
    limit: 300,
    columns: ['kept'],
  });
  expect(ours.equals(theirs)).toBe(true);
});
