import { type FieldFault, LatchkeyError } from '../model/errors.ts';
import type { RolloutRequest } from '../model/request.ts';

/** @throws {LatchkeyError} `forbidden` for any fault */
export function refuse(verb: string, faults: readonly FieldFault[]): void {
  if (faults.length === 0) return;
  throw new LatchkeyError('forbidden', `Cannot ${verb}: the policy does not permit it`, { faults });
}

export function verbOf({ undoes, keyPairName }: RolloutRequest): string {
  return undoes === null ? `attach key pair "${keyPairName}"` : `undo rollout "${undoes}"`;
}
