/** What a column holds. Numbers are 64-bit integers on the wire, and safe integers here. */
export type ColumnValue = string | number;

export type KeyValue = string | number;

/** Every column of the primary key, in the order of the table's schema. */
export type PrimaryKey = readonly (readonly [name: string, value: KeyValue])[];

/** Less, or more, than every value a key column can have: for the ends of a range. */
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

export type Comparator = '=' | '!=' | '>' | '>=' | '<' | '<=';

/** At most 10 comparisons: https://www.alibabacloud.com/help/en/tablestore/developer-reference/conditional-update */
export type ColumnCondition =
  | {
      readonly kind: 'compare';
      readonly column: string;
      readonly comparator: Comparator;
      readonly value: ColumnValue;
      /** What holds when the row has no such column. */
      readonly passIfMissing: boolean;
    }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly ColumnCondition[] }
  | { readonly kind: 'not'; readonly part: ColumnCondition };

export interface Condition {
  /** `ignore`: the row may exist or not. */
  readonly row: 'ignore' | 'exists' | 'absent';
  readonly column?: ColumnCondition;
}

export type RowWrite =
  /** The row as a whole: what it had before is gone. */
  | {
      readonly kind: 'put';
      readonly key: PrimaryKey;
      readonly columns: Columns;
      readonly condition: Condition;
    }
  /** Only the columns named; the row comes to be if there is none. */
  | {
      readonly kind: 'update';
      readonly key: PrimaryKey;
      readonly puts: Columns;
      readonly deletes?: readonly string[];
      readonly condition: Condition;
    }
  | { readonly kind: 'delete'; readonly key: PrimaryKey; readonly condition: Condition };
