import type { Answer } from './ask-ports.ts';
import { LatchkeyError } from '../model/errors.ts';
import type { Origin } from '../model/request.ts';
import type { Rollout } from '../model/rollout.ts';

/** @throws {LatchkeyError} `conflict` when it was another request */
export function repeated(earlier: Rollout, origin: Origin): Answer {
  if (earlier.origin.bodyDigest !== origin.bodyDigest) {
    throw new LatchkeyError(
      'conflict',
      `Cannot accept "${origin.idempotencyKey}": another request came in under this id`,
    );
  }
  return { kind: 'rollout', rollout: earlier, repeated: true };
}
