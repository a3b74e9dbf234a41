import * as v from 'valibot';
import { cardFields, replyToFields } from '../chat-fields.ts';

export const replySchema = () =>
  v.object({
    schema: v.literal('latchkey.reply/1'),
    /** Longest id: our own choice, several times as long as any of ours. */
    id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
    to: replyToFields(),
    card: cardFields(),
    attempt: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
  });
