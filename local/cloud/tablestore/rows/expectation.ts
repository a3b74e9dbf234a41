import { type Condition, decodeCondition, fulfils } from './condition.ts';
import { invalid, OtsError } from '../errors.ts';
import type { Row } from '../tables/table.ts';

/** The condition on a row before it is written. */
export interface Expectation {
  readonly existence: 'ignore' | 'exist' | 'not-exist';
  readonly columns?: Condition;
}

/** The numbers of RowExistenceExpectation. */
const EXISTENCE = { 0: 'ignore', 1: 'exist', 2: 'not-exist' } as const;

export function decodeExpectation(condition: {
  readonly rowExistence: number;
  readonly columnCondition?: Uint8Array;
}): Expectation {
  const existence = EXISTENCE[condition.rowExistence as keyof typeof EXISTENCE];
  if (existence === undefined) {
    throw invalid(`Invalid row-existence expectation: ${condition.rowExistence}.`);
  }
  const bytes = condition.columnCondition;
  if (bytes === undefined || bytes.length === 0) return { existence };
  return { existence, columns: decodeCondition(bytes) };
}

/**
 * Checks the row's existence first, then its columns: https://github.com/AlibabaCloudDocs/ots (Conditional update)
 *
 * @throws {OtsError} `OTSConditionCheckFail` when the condition is not met
 */
export function check(row: Row | undefined, expected: Expectation): void {
  const exists = row !== undefined;
  const asExpected = expected.existence === 'ignore' || (expected.existence === 'exist') === exists;
  const fulfilled =
    expected.columns === undefined || fulfils(row?.cells ?? new Map(), expected.columns);
  if (!asExpected || !fulfilled) {
    throw new OtsError('OTSConditionCheckFail', 'Condition check failed.');
  }
}
