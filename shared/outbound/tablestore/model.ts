/** The value of a column. A number is a 64-bit integer on the wire, and a safe integer here. */
export type ColumnValue = string | number;

export type KeyValue = string | number;

/** Every column of the primary key, in the order of the table's schema. */
export type PrimaryKey = readonly (readonly [name: string, value: KeyValue])[];

/** Less than, and more than, every value of a key column. For the ends of a range. */
export const INF_MIN = Symbol('INF_MIN');
export const INF_MAX = Symbol('INF_MAX');

export type RangeEnd = readonly (readonly [
  name: string,
  value: KeyValue | typeof INF_MIN | typeof INF_MAX,
])[];

export type Columns = ReadonlyMap<string, ColumnValue>;

export interface Row {
  readonly key: PrimaryKey;
  readonly columns: Columns;
}

export type Comparator = '=' | '!=' | '<';

/** At most 10 comparisons: https://www.alibabacloud.com/help/en/tablestore/developer-reference/conditional-update */
export type ColumnCondition =
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly comparator: Comparator;
      readonly value: ColumnValue;
      /** Whether the condition holds for a row without the column. */
      readonly passIfMissing: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ColumnCondition[] };

/** @param passIfMissing whether the condition also holds for a row without the column. Default: no */
export function columnEquals(
  column: string,
  value: ColumnValue,
  passIfMissing = false,
): ColumnCondition {
  return { kind: 'compare', column, comparator: '=', value, passIfMissing };
}

export interface Condition {
  /** `ignore`: the row may exist or not. */
  readonly row: 'ignore' | 'exists' | 'absent';
  readonly column?: ColumnCondition;
}

export type RowWrite =
  /** `put` replaces the whole row. `update` writes these columns and keeps the others. Both create a missing row. */
  | {
      readonly kind: 'put' | 'update';
      readonly key: PrimaryKey;
      readonly columns: Columns;
      readonly condition: Condition;
    }
  | { readonly kind: 'delete'; readonly key: PrimaryKey; readonly condition: Condition };
