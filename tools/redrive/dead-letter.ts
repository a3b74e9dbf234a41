import * as v from 'valibot';
import { ROLLOUT_ID } from '../../shared/domain/rollout-id.ts';
import { decoded, elementsOf, fieldsOf, textOf } from '../../shared/inbound/event-payload.ts';
import { BEGINNINGS } from '../../shared/inbound/launch-event.ts';
import { Message } from '../../shared/inbound/messages.ts';
import { readStateChange } from '../../shared/inbound/state-change.ts';

/** How a dead letter gets back to where it was to go. */
export type Way =
  | { readonly kind: 'queue'; readonly bodies: readonly string[] }
  | { readonly kind: 'function'; readonly functionName: string; readonly payload: string }
  /** For a person: to be sent again it would have to be another message. */
  | { readonly kind: 'none'; readonly because: string };

export interface DeadLetter {
  /** Why it is in the dead-letter queue. */
  readonly why: string;
  /** What could not be processed, as text. */
  readonly text: string;
  readonly way: Way;
}

const NOT_DELIVERED = 'its trigger could not deliver it';

/**
 * What lies in the dead-letter queue: our own `latchkey.dead/1`, in base64 like all that we send, and
 * the raw events that EventBridge puts there, as JSON or in base64.
 */
export function readDeadLetter(body: string): DeadLetter {
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
  const read = elements.map(messageBodyOf).map((one) => ({ one, message: messageOf(one) }));
  if (read.every(({ message }) => message === undefined)) {
    return stays(NOT_DELIVERED, text, 'neither a message of ours nor an event that we take');
  }
  // Of a batch also those that cannot be read: `restart` makes a dead letter of each, alone.
  const bodies = read.map(({ one, message }) => message ?? asText(one));
  return { why: NOT_DELIVERED, text: bodies.join(' '), way: { kind: 'queue', bodies } };
}

/** What says that an instance is new, says that it was launched. */
function isNewInstance(element: unknown): boolean {
  const change = readStateChange(element);
  return change.kind === 'state-change' && BEGINNINGS.has(change.state);
}

function ownLetter(why: unknown, inner: unknown): DeadLetter {
  const [reason, text] = [textOf(why) ?? 'not known', textOf(inner) ?? ''];
  // `no such rollout` is about an id: perhaps there is one by now.
  const body = ROLLOUT_ID.test(text)
    ? JSON.stringify({ schema: 'latchkey.wake/1', rolloutId: text })
    : messageOf(text);
  if (body === undefined) return stays(reason, text, 'what it holds is no message of ours');
  return { why: reason, text, way: { kind: 'queue', bodies: [body] } };
}

const event = (payload: string, functionName: string): DeadLetter => ({
  why: NOT_DELIVERED,
  text: payload,
  way: { kind: 'function', functionName, payload },
});

const stays = (why: string, text: string, because: string): DeadLetter => ({
  why,
  text,
  way: { kind: 'none', because },
});

/** The message's body, wherever the trigger put it. */
function messageBodyOf(element: unknown): unknown {
  const fields = fieldsOf(element);
  return fieldsOf(decoded(fields['data']))['messageBody'] ?? fields['messageBody'] ?? element;
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** The JSON of a message that `restart` can read; undefined for anything else. */
function messageOf(body: unknown): string | undefined {
  const value = typeof body === 'string' ? readable(body) : body;
  return v.is(Message, value) ? JSON.stringify(value) : undefined;
}

/** What a text holds as JSON, or as base64 of JSON. */
function readable(text: string): unknown {
  const value = decoded(text);
  if (typeof value !== 'string') return value;
  const inner = decoded(Buffer.from(text, 'base64').toString('utf8'));
  return typeof inner === 'string' ? undefined : inner;
}
