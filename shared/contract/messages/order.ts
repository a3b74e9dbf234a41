import * as v from 'valibot';
import { ORDER_ID } from '../../domain/model/ids.ts';
import { MAX_INSTANCES } from '../../domain/model/request.ts';
import { chatAccountFields, replyToFields } from '../chat-fields.ts';
import { InstanceIdText, KeyPairNameText, RolloutIdText } from '../names.ts';
import { storedConditions, storedFields } from '../requests/stored-request.ts';

/** Longest canonical form: our own choice, above what a line can hold. */
const MAX_TEXT = 20_000;

/** Longest text of a request: our own choice, above what the grammar takes. */
const words = () => v.pipe(v.string(), v.maxLength(1_000));
const count = () => v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/**
 * An order, as `chat` sends it to `restart`. An unknown field is refused: what is not understood must not
 * be done. The grammar has checked what was typed; this schema only checks what it can have become.
 */
export const orderSchema = () =>
  v.strictObject({
    schema: v.literal('latchkey.order/1'),
    id: v.pipe(v.string(), v.regex(ORDER_ID, 'must be the id of an order')),
    personId: words(),
    account: chatAccountFields(),
    replyTo: replyToFields(),
    atMs: count(),
    via: v.picklist(['line', 'button']),
    text: v.pipe(v.string(), v.maxLength(MAX_TEXT)),
    command: commandSchema(),
  });

function commandSchema() {
  const rolloutId = RolloutIdText;
  return v.variant('kind', [
    v.strictObject({ kind: v.literal('ask'), request: requestSchema() }),
    v.strictObject({ kind: v.literal('undo'), rolloutId, dryRun: v.boolean() }),
    v.strictObject({
      kind: v.literal('approve'),
      rolloutId,
      /** Whole, or its beginning. */
      planDigest: v.pipe(v.string(), v.regex(/^sha256:[0-9a-f]{8,64}$/)),
    }),
    v.strictObject({ kind: v.picklist(['deny', 'pause', 'resume', 'abort']), rolloutId }),
  ]);
}

function requestSchema() {
  const instanceIds = v.pipe(v.array(InstanceIdText), v.maxLength(MAX_INSTANCES));
  return v.strictObject({
    ...storedFields(words(), count(), { instanceIds, selector: selectorSchema() }),
    keyPairName: KeyPairNameText,
    ramp: v.picklist(['doubling', 'canary']),
    undoes: v.null(),
    launch: v.null(),
  });
}

/** Without any condition it would select every instance. */
function selectorSchema() {
  return v.pipe(
    v.strictObject(storedConditions(words())),
    v.check(
      ({ tags, ...others }) =>
        Object.keys(tags).length > 0 ||
        Object.values(others).some((one) => one !== null && one !== ''),
      'must have a condition',
    ),
  );
}
