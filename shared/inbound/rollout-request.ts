import * as v from 'valibot';
import { MAX_INSTANCES, type RolloutRequest } from '../domain/request.ts';
import { InstanceIdText, KeyPairNameText } from './names.ts';
import { onlyThese, parseJson } from './parse.ts';

/** Our own choice: a note is one line of a history. */
const MAX_NOTE_LENGTH = 200;
/** Our own choices: below, no instance is back; above, nobody waits any more. */
const READY_TIMEOUT_SECONDS = { min: 30, max: 3_600, usual: 300 };

/** No control characters, no halves of characters, and nothing that turns the reading direction. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;

const notServed = (instead: string) => v.optional(v.never(`is not served yet: ${instead}`));

/** design.md §6.1. What limits harm and is not served yet is refused: to ignore it would be a lie. */
function rolloutBody(regionId: string) {
  return onlyThese(
    {
      regionId: v.pipe(
        v.string(),
        v.literal(regionId, `must be "${regionId}", the region of this deployment`),
      ),
      keyPairName: KeyPairNameText,
      instanceIds: v.pipe(
        v.array(InstanceIdText),
        v.minLength(1, 'must name at least one instance'),
        v.transform((ids) => [...new Set(ids)]),
        v.maxLength(MAX_INSTANCES, `must name at most ${MAX_INSTANCES} instances`),
      ),
      restart: v.picklist(['auto', 'never']),
      startStopped: v.optional(v.boolean(), false),
      restartAlreadyAttached: v.optional(v.boolean(), false),
      readyTimeoutSeconds: v.optional(
        v.pipe(
          v.number(),
          v.integer('must be a whole number of seconds'),
          v.minValue(READY_TIMEOUT_SECONDS.min, `must be at least ${READY_TIMEOUT_SECONDS.min}`),
          v.maxValue(READY_TIMEOUT_SECONDS.max, `must be at most ${READY_TIMEOUT_SECONDS.max}`),
        ),
        READY_TIMEOUT_SECONDS.usual,
      ),
      expectedPlanDigest: v.nullish(
        v.pipe(
          v.string(),
          v.regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits'),
        ),
        null,
      ),
      dryRun: v.optional(v.boolean(), false),
      note: v.optional(
        v.pipe(
          v.string(),
          v.maxLength(MAX_NOTE_LENGTH, `must have at most ${MAX_NOTE_LENGTH} characters`),
          v.regex(ONE_LINE, 'must be one line without control characters'),
        ),
        '',
      ),
      attach: v.optional(v.literal('now', 'is not served yet: all are attached "now"')),
      maxUnavailable: v.optional(
        v.literal('100%', 'is not served yet: all are restarted at once, which is "100%"'),
      ),
      haltAfterFailures: notServed('all are restarted at once, so nothing can be halted'),
      bakeSeconds: notServed('all are restarted at once, so there is nothing to wait between'),
      selector: notServed('name the instances in "instanceIds"'),
    },
    'a rollout request',
  );
}

/**
 * Reads the body of `POST /rollouts`.
 *
 * @param options.regionId the deployment's own region, the only one it serves
 * @throws {LatchkeyError} `bad-request` when it is not JSON, `not-valid` with every fault otherwise
 */
export function parseRolloutRequest(
  text: string | Uint8Array,
  options: { readonly regionId: string },
): RolloutRequest {
  const {
    attach: _attach,
    maxUnavailable: _maxUnavailable,
    haltAfterFailures: _haltAfterFailures,
    bakeSeconds: _bakeSeconds,
    selector: _selector,
    ...request
  } = parseJson(rolloutBody(options.regionId), text);
  return request;
}
