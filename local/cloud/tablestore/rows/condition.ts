import compiled from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { invalid, type OtsError, unsupported } from '../errors.ts';
import { MAX_CONDITIONS } from '../limits.ts';
import { checkColumnName } from '../tables/names.ts';
import { decodeFilterValue } from '../plain-buffer/plain-buffer-value.ts';
import type { Cell } from '../tables/table.ts';
import { type ColumnValue, compareValues } from './value.ts';

const { Filter, SingleColumnValueFilter, CompositeColumnValueFilter } = compiled.filter.proto;

/** The numbers of tablestore_filter.proto. */
const SINGLE = 1;
const COMPOSITE = 2;
const COLUMN_PAGINATION = 3;
const COMBINATORS = { 1: 'not', 2: 'and', 3: 'or' } as const;
const COMPARATORS: Readonly<Record<number, (order: number) => boolean>> = {
  1: (order) => order === 0,
  2: (order) => order !== 0,
  3: (order) => order > 0,
  4: (order) => order >= 0,
  5: (order) => order < 0,
  6: (order) => order <= 0,
};

/** The filter of a read, or the column condition of a write. */
export type Condition =
  | {
      readonly kind: 'column';
      readonly name: string;
      readonly holds: (order: number) => boolean;
      readonly value: ColumnValue;
      readonly passIfMissing: boolean;
    }
  | { readonly kind: 'not' | 'and' | 'or'; readonly parts: readonly Condition[] };

/** @throws {OtsError} for an invalid filter, and for more than 10 conditions */
export function decodeCondition(bytes: Uint8Array): Condition {
  const budget = { left: MAX_CONDITIONS };
  return decode(
    decoded(() => Filter.decode(bytes), 'filter'),
    budget,
    0,
  );
}

function decode(
  { type, filter }: { readonly type: number; readonly filter: Uint8Array },
  budget: { left: number },
  depth: number,
): Condition {
  // Ten conditions need no deeper tree. Without a limit, a chain of NOTs could be endless.
  if (depth > MAX_CONDITIONS) throw tooMany();
  switch (type) {
    case SINGLE:
      if (budget.left-- === 0) throw tooMany();
      return decodeSingle(filter);
    case COMPOSITE: {
      const what = 'composite filter';
      const { combinator, subFilters } = decoded(
        () => CompositeColumnValueFilter.decode(filter),
        what,
      );
      const kind = COMBINATORS[combinator as keyof typeof COMBINATORS];
      if (kind === undefined) throw invalid(`Deserialize ${what} failed.`);
      if (kind === 'not' && subFilters.length !== 1) {
        throw invalid('Invalid NOT operator: the number of sub-filters must be 1.');
      }
      // The document says "must be 2", but the official SDKs send more. So at least 2 are required here.
      if (kind !== 'not' && subFilters.length < 2) {
        throw invalid('Invalid AND/OR operator: the number of sub-filters must be 2.');
      }
      return { kind, parts: subFilters.map((part) => decode(part, budget, depth + 1)) };
    }
    case COLUMN_PAGINATION:
      throw unsupported('ColumnPaginationFilter');
    default:
      throw invalid(`Invalid type of filter: ${type}.`);
  }
}

function decodeSingle(bytes: Uint8Array): Condition {
  const single = decoded(() => SingleColumnValueFilter.decode(bytes), 'relation filter');
  const holds = COMPARATORS[single.comparator];
  if (holds === undefined) throw invalid(`Invalid relation operator: ${single.comparator}.`);
  checkColumnName(single.columnName);
  // `latest_version_only` makes no difference: there is only one version.
  return {
    kind: 'column',
    name: single.columnName,
    holds,
    value: decodeFilterValue(single.columnValue),
    passIfMissing: !single.filterIfMissing,
  };
}

/**
 * A value of another type than the condition's matches no comparison, not even "not equal". This is not
 * documented: our own choice.
 */
export function fulfils(cells: ReadonlyMap<string, Cell>, condition: Condition): boolean {
  switch (condition.kind) {
    case 'column': {
      const cell = cells.get(condition.name);
      if (cell === undefined) return condition.passIfMissing;
      const order = compareValues(cell.value, condition.value);
      return order !== undefined && condition.holds(order);
    }
    case 'not':
      return !fulfils(cells, condition.parts[0]!);
    case 'and':
      return condition.parts.every((part) => fulfils(cells, part));
    case 'or':
      return condition.parts.some((part) => fulfils(cells, part));
  }
}

const tooMany = (): OtsError => invalid(`The count of filter exceeds the max: ${MAX_CONDITIONS}.`);

function decoded<T>(decodeIt: () => T, what: string): T {
  try {
    return decodeIt();
  } catch {
    throw invalid(`Deserialize ${what} failed.`);
  }
}
