import * as v from 'valibot';
import { DeadLetter as OwnLetter } from '../../shared/contract/messages/dead.ts';
import { ORDER_ID, ROLLOUT_ID } from '../../shared/domain/model/ids.ts';
import { decoded, elementsOf, fieldsOf } from '../../shared/lib/json-fields.ts';
import { BEGINNINGS } from '../../shared/inbound/launch-event.ts';
import { readStateChange } from '../../shared/inbound/state-change.ts';
import { chatQueueMessage, resultsQueueMessage } from '../../shared/contract/messages/codec.ts';

/** A queue that triggers a function, by its name in the settings. */
type MessageQueue = 'results' | 'chat';

/** The queue whose function, `restart` or `messenger`, reads such messages; undefined for none. */
function queueOf(message: unknown): MessageQueue | undefined {
  if (v.is(resultsQueueMessage(), message)) return 'results';
  return v.is(chatQueueMessage(), message) ? 'chat' : undefined;
}

/** A message, and the queue that it came from. */
export interface QueuedBody {
  readonly queue: MessageQueue;
  readonly body: string;
}

/** How a dead letter is sent again. */
export type Way =
  | { readonly kind: 'queue'; readonly messages: readonly QueuedBody[] }
  | { readonly kind: 'function'; readonly functionName: string; readonly payload: string }
  /** It cannot be sent again unchanged, so a person has to decide. */
  | { readonly kind: 'none'; readonly because: string };

export const cannotBeSent = ({ because }: Extract<Way, { readonly kind: 'none' }>) =>
  `cannot be sent again: ${because}`;

export interface DeadLetter {
  /** Why it is in the dead-letter queue. */
  readonly why: string;
  /** The texts that could not be processed. They may hold secrets: see `shownText`. */
  readonly texts: readonly string[];
  readonly way: Way;
}

const NOT_DELIVERED = 'its trigger could not deliver it';

/**
 * Reads a message of the dead-letter queue: our own `latchkey.dead/1`, which is in base64 like all messages
 * of ours, or a raw event from EventBridge, as JSON or in base64.
 */
export function readDeadLetter(body: string): DeadLetter {
  try {
    return readAny(body);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // No message of ours nests so deep. Serialized again, it would not be the same message.
    return stays('unknown', 'nested too deeply to be shown', 'it is nested too deeply');
  }
}

function readAny(body: string): DeadLetter {
  const value = readable(body);
  if (value === undefined) return stays('unknown', body, 'it is neither JSON nor base64 of JSON');
  const own = v.safeParse(OwnLetter, value);
  if (own.success) return ownLetter(own.output);

  const text = JSON.stringify(value);
  const elements = elementsOf(value);
  const functionName = elements.length === 1 ? functionFor(elements[0]) : undefined;
  if (functionName === undefined) return batch(elements.map(messageBodyOf), text);
  const way = { kind: 'function', functionName, payload: text } as const;
  return { why: NOT_DELIVERED, texts: [text], way };
}

/** The function that takes such an event; undefined for any other value. */
function functionFor(element: unknown): string | undefined {
  const type = String(fieldsOf(element)['type']);
  if (/^(?:ecs:ActionTrail|ess:ScalingActivity):/.test(type)) return 'latchkey-launch';
  if (type !== 'ecs:Instance:StateChange') return undefined;
  const change = readStateChange(element);
  const isNew = change.kind === 'state-change' && BEGINNINGS.has(change.state);
  return isNew ? 'latchkey-launch' : 'latchkey-restart';
}

/** Messages of one queue, or of several. */
function batch(bodies: readonly unknown[], text: string): DeadLetter {
  const read = bodies.map((body) => ({ body, message: messageOf(body) }));
  const first = read.find(({ message }) => message !== undefined)?.message;
  if (first === undefined) {
    return stays(NOT_DELIVERED, text, 'it is neither a message nor an event of Latchkey');
  }
  // Unreadable ones are sent too: the function makes a dead letter of each alone.
  const messages = read.map(({ body, message }) => {
    return message ?? { queue: first.queue, body: asText(body) };
  });
  const way = { kind: 'queue', messages } as const;
  return { why: NOT_DELIVERED, texts: messages.map(({ body }) => body), way };
}

function ownLetter({ why, text }: v.InferOutput<typeof OwnLetter>): DeadLetter {
  if (ORDER_ID.test(text)) {
    return stays(why, text, 'the text of an order is not stored: write it again in its chat');
  }
  // `no such rollout` holds only an id. The rollout may exist by now.
  const wake = { schema: 'latchkey.wake/1', rolloutId: text };
  const message = messageOf(ROLLOUT_ID.test(text) ? wake : text);
  if (message === undefined) return stays(why, text, 'it holds no message of Latchkey');
  return { why, texts: [text], way: { kind: 'queue', messages: [message] } };
}

const stays = (why: string, text: string, because: string): DeadLetter => ({
  why,
  texts: [text],
  way: { kind: 'none', because },
});

/** The message's body, wherever the trigger put it. */
function messageBodyOf(element: unknown): unknown {
  const fields = fieldsOf(element);
  return fieldsOf(decoded(fields['data']))['messageBody'] ?? fields['messageBody'] ?? element;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The message as JSON, if a function of ours can read it; else undefined. */
function messageOf(body: unknown): QueuedBody | undefined {
  const value = typeof body === 'string' ? readable(body) : body;
  const queue = queueOf(value);
  return queue === undefined ? undefined : { queue, body: JSON.stringify(value) };
}

/** The value of a text that is JSON, or base64 of JSON; undefined when it is neither. */
export function readable(text: string): unknown {
  const value = decoded(text);
  if (typeof value !== 'string') return value;
  const inner = decoded(Buffer.from(text, 'base64').toString('utf8'));
  return typeof inner === 'string' ? undefined : inner;
}
