import type { Policy } from '../domain/model/policy.ts';
import type { PolicyEntry } from './policy-file.ts';

/** A policy as it stands in the file, where one sees what was left out, and as it is read. */
export interface Read {
  readonly entry: PolicyEntry;
  readonly policy: Policy;
}

/** Takes note of a fault. */
export type Refuse = (path: readonly (string | number)[], detail: string) => void;

/** For each value that an earlier one has already. */
export function repeated(
  values: readonly string[],
  found: (index: number, value: string, earlier: number) => void,
): void {
  for (const [index, value] of values.entries()) {
    const earlier = values.indexOf(value);
    if (earlier < index) found(index, value, earlier);
  }
}
