import * as v from 'valibot';
import { DEFAULTS } from '../../domain/model/defaults.ts';
import { MAX_INSTANCES, type RolloutRequest } from '../../domain/model/request.ts';
import type { Selector } from '../../domain/model/selector.ts';
import { KeyPairNameText } from '../names.ts';
import { onlyThese, parseJson } from '../parse.ts';
import { SelectorFields } from './selector.ts';
import { InstanceIdList, Note, PlanDigestText, Reason, TagKeyText, wholeNumber } from './texts.ts';

/** The smallest and largest value of each field that is a number: our own choices. */
export const LIMITS = {
  haltAfterFailures: [1, MAX_INSTANCES],
  /** At most a day. */
  bakeSeconds: [0, 86_400],
  /** No instance is back sooner, and nobody waits longer. */
  readyTimeoutSeconds: [30, 3_600],
  /** At most 7 days, the longest delay of a message. */
  approveWithinSeconds: [60, 604_800],
} as const;

/** A count, as a number or a text, or a percentage; kept as a text. */
const MaxUnavailable = v.pipe(
  v.union([v.string(), v.number()], 'must be a count, such as 5, or a percentage, such as "10%"'),
  v.transform(String),
  v.regex(
    /^([1-9][0-9]{0,3}|([1-9][0-9]?|100)%)$/,
    'must be a count from 1, such as 5, or a percentage from "1%" to "100%"',
  ),
);

/** The fields of `POST /rollouts`, with their rules and defaults. */
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
      wholeNumber(...LIMITS.readyTimeoutSeconds),
      DEFAULTS.readyTimeoutSeconds,
    ),
    expectedPlanDigest: v.nullish(PlanDigestText, null),
    dryRun: v.optional(v.boolean(), false),
    note: v.optional(Note, ''),
    attach: v.optional(v.picklist(['now', 'wave']), DEFAULTS.attach),
    maxUnavailable: v.optional(MaxUnavailable, DEFAULTS.maxUnavailable),
    ramp: v.optional(v.picklist(['doubling', 'canary']), DEFAULTS.ramp),
    groupBy: v.nullish(TagKeyText, null),
    haltAfterFailures: v.optional(
      wholeNumber(...LIMITS.haltAfterFailures),
      DEFAULTS.haltAfterFailures,
    ),
    bakeSeconds: v.optional(wholeNumber(...LIMITS.bakeSeconds), DEFAULTS.bakeSeconds),
    approveWithinSeconds: v.nullish(wholeNumber(...LIMITS.approveWithinSeconds), null),
    breakGlass: v.nullish(Reason, null),
  };
}

/** What each field means: in the help of chat and CLI, and in the OpenAPI document. */
export const FIELD_HELP = {
  regionId: "the deployment's own region, the only one that it serves",
  keyPairName: 'the key pair to attach; it must exist',
  instanceIds: 'at most 1,000 instances, duplicates dropped; either these or a selector',
  selector: 'conditions that every instance must meet, at least one; either this or instanceIds',
  restart: 'auto: reboot running instances; never: attach only',
  startStopped: 'start stopped instances',
  restartAlreadyAttached: 'also restart where the key pair is bound but may not work yet',
  attach: 'now: attach to all at once; wave: just before each restart',
  maxUnavailable: 'most instances down at once: a count, or a percentage',
  ramp: 'doubling: waves double in size; canary: 1 instance, then full waves',
  groupBy: 'a tag key: the maximum also applies to each of its values',
  haltAfterFailures: 'halt after this many failed or unknown restarts',
  bakeSeconds: 'how long a wave must stay ready before the next one',
  readyTimeoutSeconds: 'how long an instance may take to be ready again',
  approveWithinSeconds: 'wait until somebody else approves, at most this long',
  expectedPlanDigest: 'digest that the plan must have; any other plan is refused',
  breakGlass: 'bypass window, freezes and approval, for this reason',
  dryRun: 'show the plan and change nothing',
  note: 'one line for people, kept with the rollout',
} as const satisfies Partial<Record<keyof RolloutRequest, string>>;

/** The body of `POST /rollouts`. A deployment serves one region, and refuses every other. */
export function rolloutBody(regionId: string) {
  return v.pipe(onlyThese(rolloutFields(regionId), 'a rollout request'), namesTargetsOnce());
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
