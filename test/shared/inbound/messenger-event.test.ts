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

test('messages are read back unchanged, in every envelope', ({ expect }) => {
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

test('a message without an attempt is the first attempt', ({ expect }) => {
  const body = { schema: 'latchkey.reply/1', id: 'a', to: TO, card: wordsCard('a', []) };
  expect(readMessengerEvent(aBatch([JSON.stringify(body)])).messages).toMatchObject([
    { reply: { attempt: 1 } },
  ]);
});

test.for<[string, unknown]>([
  ['of `restart`', { schema: 'latchkey.wake/1', rolloutId: RO }],
  ['with an invalid rollout id', { schema: 'latchkey.card/1', rolloutId: '../etc' }],
  ['without a platform', { schema: 'latchkey.reply/1', id: 'a', to: { place: {} }, card: {} }],
  ['without a card', { schema: 'latchkey.reply/1', id: 'a', to: TO }],
  ['without a schema', {}],
])('a message %s is reported, and the others are read', ([, message], { expect }) => {
  const wake: Message = { kind: 'card', rolloutId: RO };
  const read = readMessengerEvent(aBatch([JSON.stringify(message), ...bodiesOf(wake)]));
  expect(read.messages).toEqual([wake]);
  expect(read.unreadable).toMatchObject([{ text: JSON.stringify(message) }]);
});

test('any bytes are read as messages, or refused as not JSON', ({ expect }) => {
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
