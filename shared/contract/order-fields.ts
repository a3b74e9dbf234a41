import * as v from 'valibot';
import { ORDER_ID } from '../domain/model/ids.ts';
import { MAX_INSTANCES } from '../domain/model/request.ts';
import { ChatAccountFields, ReplyToFields } from './chat-fields.ts';
import { InstanceIdText, KeyPairNameText, RolloutIdText } from './names.ts';

/**
 * An order, as `chat` sends it to `restart`: strict, for what is not understood must not be done. The
 * grammar has judged what was written; here is only what it can have become.
 */

/** Longest canonical form: our own choice, above what a line can hold. */
const MAX_TEXT = 20_000;

/** Longest text of a request: our own choice, above what the grammar takes. */
const Words = v.pipe(v.string(), v.maxLength(1_000));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const WordsOrNone = v.nullable(Words);

/** As it was read, with every condition named. Without any it would select everything. */
const Selected = v.pipe(
  v.strictObject({
    tags: v.record(Words, Words),
    keyPairName: WordsOrNone,
    zoneId: WordsOrNone,
    vpcId: WordsOrNone,
    resourceGroupId: WordsOrNone,
    namePrefix: WordsOrNone,
  }),
  v.check(
    ({ tags, ...others }) =>
      Object.keys(tags).length > 0 ||
      Object.values(others).some((one) => one !== null && one !== ''),
    'must have a condition',
  ),
);

const Request = v.strictObject({
  regionId: Words,
  keyPairName: KeyPairNameText,
  instanceIds: v.pipe(v.array(InstanceIdText), v.maxLength(MAX_INSTANCES)),
  selector: v.nullable(Selected),
  restart: v.picklist(['auto', 'never']),
  startStopped: v.boolean(),
  restartAlreadyAttached: v.boolean(),
  attach: v.picklist(['now', 'wave']),
  maxUnavailable: Words,
  ramp: v.picklist(['doubling', 'canary']),
  groupBy: WordsOrNone,
  haltAfterFailures: Count,
  bakeSeconds: Count,
  readyTimeoutSeconds: Count,
  approveWithinSeconds: v.nullable(Count),
  expectedPlanDigest: WordsOrNone,
  undoes: v.null(),
  breakGlass: WordsOrNone,
  launch: v.null(),
  dryRun: v.boolean(),
  note: Words,
});

const rolloutId = RolloutIdText;

const Command = v.variant('kind', [
  v.strictObject({ kind: v.literal('ask'), request: Request }),
  v.strictObject({ kind: v.literal('undo'), rolloutId, dryRun: v.boolean() }),
  v.strictObject({
    kind: v.literal('approve'),
    rolloutId,
    /** Whole, or its beginning. */
    planDigest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{8,64}$/)),
  }),
  v.strictObject({ kind: v.picklist(['deny', 'pause', 'resume', 'abort']), rolloutId }),
]);

export const OrderFields = {
  id: v.pipe(v.string(), v.regex(ORDER_ID, 'must be the id of an order')),
  personId: Words,
  account: ChatAccountFields,
  replyTo: ReplyToFields,
  atMs: Count,
  via: v.picklist(['line', 'button']),
  text: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
  command: Command,
} as const;
