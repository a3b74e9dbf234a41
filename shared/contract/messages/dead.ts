import * as v from 'valibot';
import type { Message, MessageOf } from '../../domain/model/messages.ts';

const SCHEMA = 'latchkey.dead/1';

/** A letter of ours in the dead-letter queue. `text`: the message that could not be processed, or its id. */
export const DeadLetter = v.object({
  schema: v.literal(SCHEMA),
  why: v.fallback(v.string(), 'not known'),
  text: v.fallback(v.string(), ''),
});

/** @param bodyOf how the message that it is about is written */
export function deadBody({ why, about }: MessageOf<'dead'>, bodyOf: (message: Message) => string) {
  return { schema: SCHEMA, why, text: typeof about === 'string' ? about : bodyOf(about) };
}
