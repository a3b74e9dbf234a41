import fc from 'fast-check';
import { test } from 'vitest';
import { wordsCard } from '../../../shared/domain/chat/cards/answer-cards.ts';
import type { Card } from '../../../shared/domain/model/card.ts';
import { cardMessage, replyMessage } from '../../../shared/domain/model/chat-messages.ts';
import type { ReplyTo } from '../../../shared/domain/model/chat.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { probeMessage } from '../../../shared/domain/rollouts/probe.ts';
import { readMessengerEvent } from '../../../shared/inbound/messenger-event.ts';
import { aPlace } from '../../support/chat-builders.ts';
import { aBatch } from '../../support/cloud-events.ts';

const RO = `ro-${'a'.repeat(26)}`;
const TO: ReplyTo = { place: aPlace(), user: 'U1', url: '', untilMs: 5, messageId: 'om_1' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

test('what our builders send is what is read, in every wrapping', ({ expect }) => {
  const wake = cardMessage(RO, 0, 0).body;
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
  const reply = replyMessage({ id: 'or-a', to: TO, card, attempt: 3 }).body;
  const expected = {
    rolloutIds: [RO],
    replies: [{ id: 'or-a', to: TO, card, attempt: 3 }],
    probes: ['p-1'],
    unreadable: [],
  };
  const probe = probeMessage('p-1').body;
  expect(readMessengerEvent(aBatch([wake, reply, probe, wake]))).toEqual(expected);
  expect(readMessengerEvent(aBatch([wake, reply, probe].map(base64)))).toEqual(expected);
  expect(readMessengerEvent(Buffer.from(JSON.stringify([wake, reply, probe])))).toEqual(expected);
});

test('an attempt that is not told of is the first', ({ expect }) => {
  const body = JSON.parse(replyMessage({ id: 'a', to: TO, card: wordsCard('a', []) }).body) as {
    attempt?: number;
  };
  delete body.attempt;
  expect(readMessengerEvent(aBatch([JSON.stringify(body)])).replies).toMatchObject([
    { attempt: 1 },
  ]);
});

test.for<[string, unknown]>([
  ['of `restart`', { schema: 'latchkey.wake/1', rolloutId: RO }],
  ['about no rollout', { schema: 'latchkey.card/1', rolloutId: '../etc' }],
  ['to no platform', { schema: 'latchkey.reply/1', id: 'a', to: { place: {} }, card: {} }],
  ['without a card', { schema: 'latchkey.reply/1', id: 'a', to: TO }],
  ['of no schema', {}],
])('a message %s is told of, and hides no other', ([, message], { expect }) => {
  const wake = cardMessage(RO, 0, 0).body;
  const read = readMessengerEvent(aBatch([JSON.stringify(message), wake]));
  expect(read.rolloutIds).toEqual([RO]);
  expect(read.unreadable).toMatchObject([{ text: JSON.stringify(message) }]);
});

test('whatever comes is read as something, or refused as no JSON', ({ expect }) => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
      try {
        const { rolloutIds, replies } = readMessengerEvent(Buffer.from(text));
        expect([...rolloutIds, ...replies]).toEqual([]);
      } catch (error) {
        expect(error).toBeInstanceOf(LatchkeyError);
      }
    }),
  );
});
