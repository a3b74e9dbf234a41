import { ROLLOUT_ID } from '../../shared/domain/model/ids.ts';
import { usageError } from '../exit.ts';

/** Reads an argument that names a rollout. */
export function readRolloutId(text: string): string {
  if (ROLLOUT_ID.test(text)) return text;
  throw usageError(
    `Cannot use "${text}": must be a rollout id: "ro-" and 26 characters of base32`,
    'npx latchkey list shows the ids',
  );
}
