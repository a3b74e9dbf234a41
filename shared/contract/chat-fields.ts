import * as v from 'valibot';
import { PLATFORMS } from '../domain/model/chat.ts';

// What our own messages say about chats. The sender had verified it: the limits only keep nonsense out.
// Functions, because only a function that is called is in a bundle.

/** An id of a platform. Longest: our own choice, several times as long as any that was seen. */
const chatId = () => v.pipe(v.string(), v.minLength(1), v.maxLength(200));

export const chatAccountFields = () =>
  v.object({ platform: v.picklist(PLATFORMS), tenant: chatId(), user: chatId() });

export const replyToFields = () =>
  v.object({
    place: v.object({ platform: v.picklist(PLATFORMS), tenant: chatId(), channel: chatId() }),
    user: chatId(),
    /** Longest address: our own choice. */
    url: v.pipe(v.string(), v.maxLength(2_000)),
    /** Milliseconds since the epoch. */
    untilMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    messageId: v.pipe(v.string(), v.maxLength(200)),
  });

export function cardFields() {
  /** Longest text: our own choice. A message takes 64 KB in all. */
  const text = v.pipe(v.string(), v.maxLength(12_000));
  return v.object({
    title: text,
    tone: v.picklist(['neutral', 'good', 'warning', 'bad']),
    blocks: v.array(
      v.variant('kind', [
        v.object({ kind: v.literal('text'), text }),
        v.object({ kind: v.literal('facts'), facts: v.array(v.tuple([text, text])) }),
        v.object({ kind: v.literal('code'), text }),
      ]),
    ),
    buttons: v.array(
      v.object({
        action: v.picklist(['approve', 'deny', 'pause', 'resume', 'abort', 'undo']),
        label: text,
        style: v.picklist(['primary', 'danger', 'plain']),
        confirm: text,
        token: text,
      }),
    ),
    mention: v.nullable(chatId()),
  });
}
