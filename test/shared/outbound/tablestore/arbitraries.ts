import fc from 'fast-check';
import type {
  ColumnCondition,
  Columns,
  ColumnValue,
  Condition,
  PrimaryKey,
  RowWrite,
} from '../../../../shared/outbound/tablestore/model.ts';

/** https://www.alibabacloud.com/help/en/tablestore/limits-on-widecolumn-model */
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/);
const value: fc.Arbitrary<ColumnValue> = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.maxSafeInteger(),
);

export const primaryKey: fc.Arbitrary<PrimaryKey> = fc.uniqueArray(fc.tuple(name, value), {
  minLength: 1,
  maxLength: 4,
  selector: ([column]) => column,
});

export const columns: fc.Arbitrary<Columns> = fc
  .uniqueArray(fc.tuple(name, value), { maxLength: 30, selector: ([column]) => column })
  .map((entries) => new Map(entries));

const { columnCondition } = fc.letrec<{ columnCondition: ColumnCondition }>((tie) => ({
  columnCondition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({
      kind: fc.constant('compare' as const),
      column: name,
      comparator: fc.constantFrom('=', '!=', '<'),
      value,
      passIfMissing: fc.boolean(),
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('columnCondition'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}));

export const condition: fc.Arbitrary<Condition> = fc.record(
  { row: fc.constantFrom('ignore', 'exists', 'absent'), column: columnCondition },
  { requiredKeys: ['row'] },
);

export const rowWrite: fc.Arbitrary<RowWrite> = fc.oneof(
  fc.record({ kind: fc.constantFrom('put', 'update'), key: primaryKey, columns, condition }),
  fc.record({ kind: fc.constant('delete' as const), key: primaryKey, condition }),
);
