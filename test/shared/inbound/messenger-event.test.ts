import fc from 'fast-check';
import { test } from 'vitest';
import { wordsCard } from '../../../shared/domain/chat/cards/answer-cards.ts';
import type { Card } from '../../../shared/domain/model/card.ts';
import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import type { Message } from '../../../shared/domain/model/messages.ts';
import type { ReplyTo } from '../../../shared/domain/model/chat.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { readMessengerEvent } from '../../../shared/inbound/messenger-event.ts';
import { aPlace } from '../../support/chat-builders.ts';
import { aBatch } from '../../support/cloud-events.ts';

const RO = `ro-${'a'.repeat(26)}`;
const TO: ReplyTo = { place: aPlace(), user: 'U1', url: '', untilMs: 5, messageId: 'om_1' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('what our builders send is what is read, in every wrapping', ({ expect }) => {
  const card: Card = {
    ...wordsCard('Plan', ['one', 'two'], 'warning'),
    blocks: [
      { kind: 'text', text: 'Nothing is done' },
      { kind: 'facts', facts: [['Attach', '3 instances']] },
      { kind: 'code', text: 'approve ro-a' },
    ],
    buttons: [{ action: 'approve', label: 'Approve', style: 'primary', confirm: '', token: 'v1' }],
    mention: 'U1',
  };
  const sent: Message[] = [
    { kind: 'card', rolloutId: RO },
    { kind: 'reply', reply: { id: 'or-a', to: TO, card, attempt: 3 } },
    { kind: 'probe', id: 'p-1' },
  ];
  const expected = { messages: sent, unreadable: [] };
  const bodies = sent.flatMap(bodiesOf);
  expect(readMessengerEvent(aBatch(bodies))).toEqual(expected);
  expect(readMessengerEvent(aBatch(bodies.map(base64)))).toEqual(expected);
  expect(readMessengerEvent(Buffer.from(JSON.stringify(bodies)))).toEqual(expected);
});

test('an attempt that is not told of is the first', ({ expect }) => {
  const body = { schema: 'latchkey.reply/1', id: 'a', to: TO, card: wordsCard('a', []) };
  expect(readMessengerEvent(aBatch([JSON.stringify(body)])).messages).toMatchObject([
    { reply: { attempt: 1 } },
  ]);
});

test.for<[string, unknown]>([
  ['of `restart`', { schema: 'latchkey.wake/1', rolloutId: RO }],
  ['about no rollout', { schema: 'latchkey.card/1', rolloutId: '../etc' }],
  ['to no platform', { schema: 'latchkey.reply/1', id: 'a', to: { place: {} }, card: {} }],
  ['without a card', { schema: 'latchkey.reply/1', id: 'a', to: TO }],
  ['of no schema', {}],
])('a message %s is told of, and hides no other', ([, message], { expect }) => {
  const wake: Message = { kind: 'card', rolloutId: RO };
  const read = readMessengerEvent(aBatch([JSON.stringify(message), ...bodiesOf(wake)]));
  expect(read.messages).toEqual([wake]);
  expect(read.unreadable).toMatchObject([{ text: JSON.stringify(message) }]);
});

test('whatever comes is read as something, or refused as no JSON', ({ expect }) => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        expect(readMessengerEvent(Buffer.from(text)).messages).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(LatchkeyError);
      }
    }),
  );
});
