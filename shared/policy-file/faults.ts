import type { Policy, RevokedKeyPair } from '../domain/model/policy.ts';
import type { PolicyEntry } from './policy-file.ts';

/** The policy as the file has it, without defaults, and as the functions use it. */
export interface ParsedPolicy {
  readonly entry: PolicyEntry;
  readonly policy: Policy;
}

export type Path = readonly (string | number)[];

export type AddFault = (path: Path, detail: string) => void;

/** Adds faults to a part of the policy: paths then begin at that part. */
export function below(addFault: AddFault, ...part: Path): AddFault {
  return (path, detail) => addFault([...part, ...path], detail);
}

/** Adds a fault for each value that occurs earlier in the list. */
export function checkUnique(
  values: readonly string[],
  addFault: (index: number, value: string, earlier: number) => void,
): void {
  for (const [index, value] of values.entries()) {
    const earlier = values.indexOf(value);
    if (earlier < index) addFault(index, value, earlier);
  }
}

/** Adds a fault for each id that another one of `owner` has, such as "client". */
export function checkUniqueIds(
  list: readonly { readonly id: string }[],
  owner: string,
  addFault: AddFault,
): void {
  checkUnique(
    list.map(({ id }) => id),
    (index, id) => addFault([index, 'id'], `Cannot take "${id}": another ${owner} has this id`),
  );
}

/**
 * Which entry of the policy revokes a key pair; null when none does.
 *
 * @param keyPair.fingerprint null: every key pair of this name
 */
export function revocationOf(
  keyPair: { readonly name: string; readonly fingerprint: string | null },
  revoked: readonly RevokedKeyPair[],
): string | null {
  const index = revoked.findIndex(
    ({ name, fingerprint }) =>
      name === keyPair.name && (fingerprint === null || fingerprint === keyPair.fingerprint),
  );
  return index === -1 ? null : `/revokedKeyPairs/${index} revokes it`;
}
