import * as v from 'valibot';
import type { ReplyMessage } from '../domain/model/chat-messages.ts';
import { CardFields, ReplyToFields } from '../contract/chat-fields.ts';
import { elementsOf } from '../lib/json-fields.ts';
import { RolloutIdText } from '../contract/names.ts';
import { jsonOf } from '../contract/parse.ts';
import { Probe } from '../contract/probe.ts';
import { readQueueMessage, type Unreadable } from './queue-message.ts';

const CardWake = v.object({ schema: v.literal('latchkey.card/1'), rolloutId: RolloutIdText });

const Reply = v.object({
  schema: v.literal('latchkey.reply/1'),
  /** Longest id: our own choice, several times as long as any of ours. */
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  to: ReplyToFields,
  card: CardFields,
  attempt: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
});

/** The messages of the chat queue. */
export const ChatMessage = v.variant('schema', [CardWake, Reply, Probe]);

/** What wakes the function `messenger`. */
export interface MessengerEvent {
  /** Whose cards are to be looked at: each once, in the order of their first messages. */
  readonly rolloutIds: readonly string[];
  readonly replies: readonly ReplyMessage[];
  /** Ids of probes. */
  readonly probes: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

/**
 * Reads what the queue trigger delivered. An element that cannot be read does not hide the others.
 *
 * @throws {LatchkeyError} `bad-request` when the whole is not JSON
 */
export function readMessengerEvent(bytes: Uint8Array): MessengerEvent {
  const rolloutIds = new Set<string>();
  const replies: ReplyMessage[] = [];
  const probes: string[] = [];
  const unreadable: Unreadable[] = [];
  for (const element of elementsOf(jsonOf(bytes, 'the event'))) {
    const message = readQueueMessage(ChatMessage, element);
    if (!('schema' in message)) {
      unreadable.push(message);
      continue;
    }
    switch (message.schema) {
      case 'latchkey.card/1':
        rolloutIds.add(message.rolloutId);
        break;
      case 'latchkey.reply/1': {
        const { schema: _, ...reply } = message;
        replies.push(reply);
        break;
      }
      case 'latchkey.probe/1':
        probes.push(message.id);
        break;
    }
  }
  return { rolloutIds: [...rolloutIds], replies, probes, unreadable };
}
