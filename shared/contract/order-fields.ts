import * as v from 'valibot';
import { ORDER_ID } from '../domain/model/ids.ts';
import { MAX_INSTANCES } from '../domain/model/request.ts';
import { ChatAccountFields, ReplyToFields } from './chat-fields.ts';
import { InstanceIdText, KeyPairNameText, RolloutIdText } from './names.ts';
import { storedConditions, storedFields } from './requests/stored-request.ts';

/**
 * An order, as `chat` sends it to `restart`. An unknown field is refused: what is not understood must not
 * be done. The grammar has checked what was typed; this schema only checks what it can have become.
 */

/** Longest canonical form: our own choice, above what a line can hold. */
const MAX_TEXT = 20_000;

/** Longest text of a request: our own choice, above what the grammar takes. */
const Words = v.pipe(v.string(), v.maxLength(1_000));
const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Without any condition it would select every instance. */
const Selected = v.pipe(
  v.strictObject(storedConditions(Words)),
  v.check(
    ({ tags, ...others }) =>
      Object.keys(tags).length > 0 ||
      Object.values(others).some((one) => one !== null && one !== ''),
    'must have a condition',
  ),
);

const Request = v.strictObject({
  ...storedFields(Words, Count, {
    instanceIds: v.pipe(v.array(InstanceIdText), v.maxLength(MAX_INSTANCES)),
    selector: Selected,
  }),
  keyPairName: KeyPairNameText,
  ramp: v.picklist(['doubling', 'canary']),
  undoes: v.null(),
  launch: v.null(),
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
