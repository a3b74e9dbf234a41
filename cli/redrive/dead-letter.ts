import { ORDER_ID } from '../../shared/domain/model/ids.ts';
import { ROLLOUT_ID } from '../../shared/domain/model/ids.ts';
import { decoded, elementsOf, fieldsOf, textOf } from '../../shared/lib/json-fields.ts';
import { BEGINNINGS } from '../../shared/inbound/launch-event.ts';
import { readStateChange } from '../../shared/inbound/state-change.ts';
import { type MessageQueue, queueOf } from './message-queue.ts';
import { readable } from './readable.ts';

/** One message, and the queue that it was delivered from. */
export interface QueuedBody {
  readonly queue: MessageQueue;
  readonly body: string;
}

/** How a dead letter gets back to where it was to go. */
export type Way =
  | { readonly kind: 'queue'; readonly messages: readonly QueuedBody[] }
  | { readonly kind: 'function'; readonly functionName: string; readonly payload: string }
  /** For a person: to be sent again it would have to be another message. */
  | { readonly kind: 'none'; readonly because: string };

export const cannotBeSent = ({ because }: Extract<Way, { readonly kind: 'none' }>) =>
  `cannot be sent again: ${because}`;

export interface DeadLetter {
  /** Why it is in the dead-letter queue. */
  readonly why: string;
  /** What could not be processed, a text each. They may hold secrets: see `shownText`. */
  readonly texts: readonly string[];
  readonly way: Way;
}

const NOT_DELIVERED = 'its trigger could not deliver it';

/**
 * What lies in the dead-letter queue: our own `latchkey.dead/1`, in base64 like all that we send, and
 * the raw events that EventBridge puts there, as JSON or in base64.
 */
export function readDeadLetter(body: string): DeadLetter {
  try {
    return readAny(body);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Nothing of ours is: whatever were sent would not be what came.
    return stays('not known', 'nested too deep to be shown', 'it is nested too deep');
  }
}

function readAny(body: string): DeadLetter {
  const value = readable(body);
  if (value === undefined) return stays('not known', body, 'neither JSON nor base64 of it');
  const fields = fieldsOf(value);
  if (fields['schema'] === 'latchkey.dead/1') return ownLetter(fields['why'], fields['text']);

  const text = JSON.stringify(value);
  const elements = elementsOf(value);
  const types = new Set(elements.map((element) => String(fieldsOf(element)['type'])));
  const [type = ''] = types;
  if (types.size === 1 && elements.length === 1) {
    if (/^(?:ecs:ActionTrail|ess:ScalingActivity):/.test(type))
      return event(text, 'latchkey-launch');
    if (type === 'ecs:Instance:StateChange') {
      return event(text, isNewInstance(elements[0]) ? 'latchkey-launch' : 'latchkey-restart');
    }
  }
  return batch(elements.map(messageBodyOf), text);
}

/** Of one queue, or of several. */
function batch(bodies: readonly unknown[], text: string): DeadLetter {
  const read = bodies.map((body) => ({ body, message: messageOf(body) }));
  const first = read.find(({ message }) => message !== undefined)?.message;
  if (first === undefined) {
    return stays(NOT_DELIVERED, text, 'neither a message of ours nor an event that we take');
  }
  // Also those that cannot be read: the function makes a dead letter of each, alone.
  const messages = read.map(({ body, message }) => {
    return message ?? { queue: first.queue, body: asText(body) };
  });
  const way = { kind: 'queue', messages } as const;
  return { why: NOT_DELIVERED, texts: messages.map(({ body }) => body), way };
}

/** What says that an instance is new, says that it was launched. */
function isNewInstance(element: unknown): boolean {
  const change = readStateChange(element);
  return change.kind === 'state-change' && BEGINNINGS.has(change.state);
}

function ownLetter(why: unknown, inner: unknown): DeadLetter {
  const [reason, text] = [textOf(why) ?? 'not known', textOf(inner) ?? ''];
  if (ORDER_ID.test(text)) {
    return stays(reason, text, 'an order is not kept: it has to be written again in its chat');
  }
  // `no such rollout` is about an id: perhaps there is one by now.
  const wake = { schema: 'latchkey.wake/1', rolloutId: text };
  const message = messageOf(ROLLOUT_ID.test(text) ? wake : text);
  if (message === undefined) return stays(reason, text, 'what it holds is no message of ours');
  return { why: reason, texts: [text], way: { kind: 'queue', messages: [message] } };
}

const event = (payload: string, functionName: string): DeadLetter => ({
  why: NOT_DELIVERED,
  texts: [payload],
  way: { kind: 'function', functionName, payload },
});

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

/** The JSON of a message that a function of ours can read; undefined for anything else. */
function messageOf(body: unknown): QueuedBody | undefined {
  const value = typeof body === 'string' ? readable(body) : body;
  const queue = queueOf(value);
  return queue === undefined ? undefined : { queue, body: JSON.stringify(value) };
}
