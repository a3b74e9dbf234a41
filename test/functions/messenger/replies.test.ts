import { bodiesOf } from '../../../shared/contract/messages/codec.ts';
import type { Reply } from '../../../shared/domain/model/messages.ts';
import { test } from 'vitest';
import { wordsCard } from '../../../shared/domain/chat/cards/answer-cards.ts';
import type { ReplyTo } from '../../../shared/domain/model/chat.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { aPlace } from '../../support/chat-builders.ts';
import { aMessenger } from '../../support/messenger-world.ts';

const FAILED = { kind: 'failed', why: 'HTTP status 500', retryAfterMs: null } as const;
const CARD = wordsCard('Understood', ['attach ops to i-a']);
const HOUR_MS = 3_600_000;

function to(over: Partial<ReplyTo> = {}): ReplyTo {
  const url = 'https://hooks.slack.com/commands/1234/secret';
  return { place: aPlace(), user: 'U0001', url, untilMs: 0, messageId: '', ...over };
}

const aReply = (over: Partial<Reply> = {}): string =>
  bodiesOf({ kind: 'reply', reply: { id: 'or-a', to: to(), card: CARD, attempt: 1, ...over } })[0]!;

test('an answer goes to whoever asked, once, however often its message comes', async ({
  expect,
}) => {
  const { deliver, chatOut } = aMessenger();
  expect(await deliver([aReply(), aReply()])).toMatchObject({ replies: 2, deadLetters: 0 });
  await deliver([aReply()]);
  expect(chatOut.calls).toEqual([{ kind: 'reply', to: to(), card: CARD }]);
});

test('two answers under one id that say different things are both given', async ({ expect }) => {
  const { deliver, chatOut } = aMessenger();
  await deliver([aReply(), aReply({ card: wordsCard('Plan', ['…']) })]);
  expect(chatOut.told()).toEqual(['reply Understood', 'reply Plan']);
});

test('one that fails is tried again, later each time, and given up after the sixth', async ({
  expect,
}) => {
  const { deliver, chatOut, passAndReceive, lines, deadLetters } = aMessenger();
  chatOut.failsFor = () => FAILED;
  await deliver([aReply()]);
  await passAndReceive(HOUR_MS);
  expect(chatOut.calls).toHaveLength(6);
  expect(lines.filter(([, event]) => event === 'reply-given-up')).toHaveLength(1);
  // It holds an address that anybody could answer to.
  expect(deadLetters.sent).toEqual([]);
});

test('it is not tried any more when its address takes nothing any more', async ({ expect }) => {
  const { world, deliver, chatOut, passAndReceive } = aMessenger();
  chatOut.failsFor = () => FAILED;
  await deliver([aReply({ to: to({ untilMs: world.now() + 15_000 }) })]);
  await passAndReceive(HOUR_MS);
  expect(chatOut.calls).toHaveLength(3);
});

test('one that failed once and then went well is not given again', async ({ expect }) => {
  const { deliver, chatOut, passAndReceive } = aMessenger();
  chatOut.next.push({ ...FAILED, retryAfterMs: 30_000 });
  await deliver([aReply()]);
  expect(await passAndReceive(29_000)).toBe(0);
  expect(await passAndReceive(HOUR_MS)).toBe(1);
  await deliver([aReply()]);
  expect(chatOut.calls).toHaveLength(2);
});

test('where nobody is there to be answered nothing is tried again', async ({ expect }) => {
  const { deliver, chatOut, chatQueue } = aMessenger();
  chatOut.failsFor = () => ({ kind: 'gone', why: 'channel_not_found' });
  await deliver([aReply()]);
  await deliver([aReply()]);
  expect(chatOut.calls).toHaveLength(1);
  expect(chatQueue.sent).toEqual([]);
});

test('a store that is away makes the batch come again, and the others are answered', async ({
  expect,
}) => {
  const { deliver, chatOut, ports } = aMessenger();
  const { ledger } = ports;
  const take = ledger.take.bind(ledger);
  let isAway = true;
  ledger.take = async (client, id, digest) => {
    if (isAway && id.startsWith('or-b ')) throw new LatchkeyError('unavailable', 'Cannot: away');
    return take(client, id, digest);
  };
  const bodies = ['or-a', 'or-b', 'or-c'].map((id) => aReply({ id }));
  await expect(deliver(bodies)).rejects.toThrow('away');
  isAway = false;
  await deliver(bodies);
  expect(chatOut.calls).toHaveLength(3);
});

test('what there is no time for comes again as it is', async ({ expect }) => {
  const { deliver, chatOut, chatQueue } = aMessenger({ timeoutSec: 12 });
  await deliver([aReply()]);
  expect(chatOut.calls).toEqual([]);
  expect(chatQueue.sent).toEqual([aReply()]);
});

test('no log line tells where it went, or what it said', async ({ expect }) => {
  const { deliver, chatOut, lines } = aMessenger();
  for (const failure of [null, FAILED, { kind: 'gone', why: 'not set up' } as const]) {
    chatOut.next.push(failure);
    await deliver([aReply({ id: `or-${failure?.kind ?? 'well'}` })]);
  }
  const text = JSON.stringify(lines);
  expect(text).toContain('reply-delivered');
  expect(text).not.toContain('hooks.slack.com');
  expect(text).not.toContain('attach ops');
});
