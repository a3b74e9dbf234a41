import * as v from 'valibot';
import { MAX_INSTANCES, type RolloutRequest, type Selector } from '../domain/model/request.ts';
import { USUAL } from '../domain/model/defaults.ts';
import { InstanceIdText, KeyPairNameText } from './names.ts';
import { onlyThese, parseJson } from './parse.ts';
import { ONE_LINE, SelectorFields } from './selector.ts';

/** Our own choice: a note is one line of a history. */
const MAX_NOTE_LENGTH = 200;
/** Our own choices: below, no instance is back; above, nobody waits any more. */
const READY_TIMEOUT_SECONDS = { min: 30, max: 3_600 };

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_TAG_LENGTH = 128;
/** Our own choices: a day, and the 7 days that a message can be delayed. */
const MAX_BAKE_SECONDS = 86_400;
const MAX_APPROVAL_SECONDS = 604_800;

const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

/** A count, as a number or a text, or a percentage; kept as a text. */
const MaxUnavailable = v.pipe(
  v.union([v.string(), v.number()], 'must be a count, such as 5, or a percentage, such as "10%"'),
  v.transform(String),
  v.regex(
    /^([1-9][0-9]{0,3}|([1-9][0-9]?|100)%)$/,
    'must be a count from 1, such as 5, or a percentage from "1%" to "100%"',
  ),
);

/** Of one rollout, each once. */
export const InstanceIdList = v.pipe(
  v.array(InstanceIdText),
  v.minLength(1, 'must name at least one instance'),
  v.transform((ids) => [...new Set(ids)]),
  v.maxLength(MAX_INSTANCES, `must name at most ${MAX_INSTANCES} instances`),
);

export const PlanDigestText = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/, 'must be "sha256:" and 64 hexadecimal digits'),
);

/** What a person says about what is to be done. */
export const OneLine = v.pipe(
  v.string(),
  v.maxLength(MAX_NOTE_LENGTH, `must have at most ${MAX_NOTE_LENGTH} characters`),
  v.regex(ONE_LINE, 'must be one line without control characters'),
);

/** Why somebody does what others must be told of: something that can be read. */
export const Reason = v.pipe(OneLine, v.regex(/[\p{L}\p{N}\p{P}\p{S}]/u, 'must say why'));

/** What `POST /rollouts` takes. A deployment serves one region, and refuses every other. */
export function rolloutBody(regionId: string) {
  return v.pipe(onlyThese(rolloutFields(regionId), 'a rollout request'), namesTargetsOnce());
}

/** The document of design.md §6.1. */
function rolloutFields(regionId: string) {
  return {
    regionId: v.pipe(
      v.string(),
      v.literal(regionId, `must be "${regionId}", the region of this deployment`),
    ),
    keyPairName: KeyPairNameText,
    instanceIds: v.optional(InstanceIdList),
    selector: v.nullish(SelectorFields, null),
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
      USUAL.readyTimeoutSeconds,
    ),
    expectedPlanDigest: v.nullish(PlanDigestText, null),
    dryRun: v.optional(v.boolean(), false),
    note: v.optional(OneLine, ''),
    attach: v.optional(v.picklist(['now', 'wave']), USUAL.attach),
    maxUnavailable: v.optional(MaxUnavailable, USUAL.maxUnavailable),
    ramp: v.optional(v.picklist(['doubling', 'canary']), USUAL.ramp),
    groupBy: v.nullish(
      v.pipe(
        v.string(),
        v.nonEmpty('must be the key of a tag'),
        v.maxLength(MAX_TAG_LENGTH, `must have at most ${MAX_TAG_LENGTH} characters`),
      ),
      null,
    ),
    haltAfterFailures: v.optional(wholeNumber(1, MAX_INSTANCES), USUAL.haltAfterFailures),
    bakeSeconds: v.optional(wholeNumber(0, MAX_BAKE_SECONDS), USUAL.bakeSeconds),
    approveWithinSeconds: v.nullish(wholeNumber(60, MAX_APPROVAL_SECONDS), null),
    breakGlass: v.nullish(Reason, null),
  };
}

interface TargetFields {
  readonly instanceIds?: readonly string[] | undefined;
  readonly selector?: Selector | null;
}

/** Ids or a selector: neither says nothing, and both could contradict each other. */
function namesTargetsOnce<T extends TargetFields>() {
  return v.rawCheck<T>(({ dataset: { value }, addIssue }) => {
    if (typeof value !== 'object' || value === null) return;
    // Not typed yet when a field is at fault: what is given counts, good or bad.
    const { instanceIds, selector } = value as TargetFields;
    const byIds = instanceIds !== undefined;
    const bySelector = selector !== undefined && selector !== null;
    const at = (key: string, input: unknown): [v.ObjectPathItem] => [
      { type: 'object', origin: 'value', input: {}, key, value: input },
    ];
    if (!byIds && !bySelector) {
      const message = 'required, unless there is a "selector"';
      addIssue({ message, input: undefined, path: at('instanceIds', undefined) });
    }
    if (byIds && bySelector) {
      const message = 'goes not together with "instanceIds"';
      addIssue({ message, input: selector, path: at('selector', selector) });
    }
  });
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
  const { instanceIds = [], ...request } = parseJson(rolloutBody(options.regionId), text);
  return { ...request, instanceIds, launch: null, undoes: null };
}
