import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { KeyPairNameText } from '../../shared/contract/names.ts';
import { parseValue } from '../../shared/contract/parse.ts';
import { usageError } from '../exit.ts';

/** Reads an argument that names a key pair. Rejects `*`, which ECS takes as a wildcard. */
export function readKeyPair(text: string): string {
  try {
    return parseValue(KeyPairNameText, text, `key pair "${text}"`);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    throw usageError(`Cannot use key pair "${text}": ${error.details.faults?.[0]?.detail}`);
  }
}
