import * as v from 'valibot';
import type { MessageOf } from '../../domain/model/messages.ts';
import { cardFields, replyToFields } from '../chat-fields.ts';

const SCHEMA = 'latchkey.reply/1';

export const replySchema = () =>
  v.pipe(
    v.object({
      schema: v.literal(SCHEMA),
      /** Longest id: our own choice, several times as long as any of ours. */
      id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
      to: replyToFields(),
      card: cardFields(),
      attempt: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
    }),
    v.transform(({ schema: _schema, ...reply }): MessageOf<'reply'> => ({ kind: 'reply', reply })),
  );

export function replyBody({ reply: { id, to, card, attempt } }: MessageOf<'reply'>) {
  return { schema: SCHEMA, id, to, card, attempt };
}
