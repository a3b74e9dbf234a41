import { test } from 'vitest';
import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { readMessengerEvent } from '../../shared/inbound/messenger-event.ts';
import { readRestartEvent } from '../../shared/inbound/restart-event.ts';
import { readDeadLetter } from '../../cli/redrive/dead-letter.ts';
import { readManifest, readSample } from '../../tools/samples.ts';

const ROLLOUT_ID = 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa';
const CARD = { schema: 'latchkey.card/1', rolloutId: ROLLOUT_ID };
const WAKE = { schema: 'latchkey.wake/1', rolloutId: ROLLOUT_ID };
const base64 = (text: string) => Buffer.from(text).toString('base64');

const ownLetter = (text: string, why = 'because') =>
  base64(JSON.stringify({ schema: 'latchkey.dead/1', why, text }));

test.for([
  ['as JSON', JSON.stringify(WAKE)],
  ['in base64', base64(JSON.stringify(WAKE))],
])('a message in a letter of Latchkey, %s, goes to its queue', ([, text], { expect }) => {
  expect(readDeadLetter(ownLetter(text!))).toEqual({
    why: 'because',
    texts: [text],
    way: { kind: 'queue', messages: [{ queue: 'results', body: JSON.stringify(WAKE) }] },
  });
});

test('a letter about a missing rollout becomes a wake-up', ({ expect }) => {
  expect(readDeadLetter(ownLetter(ROLLOUT_ID, 'no such rollout'))).toEqual({
    why: 'no such rollout',
    texts: [ROLLOUT_ID],
    way: { kind: 'queue', messages: [{ queue: 'results', body: JSON.stringify(WAKE) }] },
  });
});

test.for(['hello', '{"schema":"latchkey.wake/9"}', '', '{"schema":"latchkey.wake/1"}'])(
  'a letter of Latchkey about "%s" cannot be sent again',
  (text, { expect }) => {
    expect(readDeadLetter(ownLetter(text))).toEqual({
      why: 'because',
      texts: [text],
      way: { kind: 'none', because: 'it holds no message of Latchkey' },
    });
  },
);

/** The rollouts that the function which gets these bytes wakes or shows. */
function rolloutIdsReadBy(name: string, bytes: Uint8Array): readonly string[] {
  const event = name === 'messenger' ? readMessengerEvent(bytes) : readRestartEvent(bytes);
  if (!('messages' in event)) return [];
  const ids = event.messages.flatMap((message) => {
    if ('rolloutId' in message) return [message.rolloutId];
    return message.kind === 'result' ? [message.result.rolloutId] : [];
  });
  return [...new Set(ids)];
}

test('every sample of a queue trigger is unwrapped', async ({ expect }) => {
  const manifest = await readManifest();
  const samples = manifest.filter(({ trigger }) => trigger === 'queue');
  const queues = new Set<string>();
  for (const { file, expected, function: name } of samples) {
    const raw = (await readSample(file)).toString('utf8');
    for (const body of [raw, base64(raw)]) {
      const { way } = readDeadLetter(body);
      const messages = way.kind === 'queue' ? way.messages : [];
      const bytes = Buffer.from(JSON.stringify(messages.map(({ body }) => body)));
      // The function must read the message that is sent again as it reads the sample.
      expect(rolloutIdsReadBy(name, bytes), file).toEqual(expected['rolloutIds']);
      const queue = name === 'messenger' ? 'chat' : 'results';
      expect(
        messages.filter((one) => one.queue !== queue),
        file,
      ).toEqual([]);
      for (const one of messages) queues.add(one.queue);
    }
  }
  expect(queues).toEqual(new Set(['results', 'chat']));
});

test('an unreadable message of a batch is sent too, so that it becomes a letter alone', ({
  expect,
}) => {
  const batch = [
    { data: { messageBody: JSON.stringify(WAKE) } },
    { data: { messageBody: 'hello' } },
  ];
  expect(readDeadLetter(JSON.stringify(batch)).way).toEqual({
    kind: 'queue',
    messages: [
      { queue: 'results', body: JSON.stringify(WAKE) },
      { queue: 'results', body: 'hello' },
    ],
  });
});

test('each message of a batch for both queues goes to its own queue', ({ expect }) => {
  const batch = ['hello', JSON.stringify(CARD), JSON.stringify(WAKE)].map((messageBody) => ({
    data: { messageBody },
  }));
  expect(readDeadLetter(JSON.stringify(batch)).way).toEqual({
    kind: 'queue',
    messages: [
      // An unreadable message goes to the queue of the first readable one.
      { queue: 'chat', body: 'hello' },
      { queue: 'chat', body: JSON.stringify(CARD) },
      { queue: 'results', body: JSON.stringify(WAKE) },
    ],
  });
});

test('a card of a missing rollout is sent again', ({ expect }) => {
  const [text = ''] = bodiesOf({ kind: 'card', rolloutId: ROLLOUT_ID });
  expect(readDeadLetter(ownLetter(text, 'no such rollout')).way).toEqual({
    kind: 'queue',
    messages: [{ queue: 'chat', body: JSON.stringify(CARD) }],
  });
});

test('a refused order is stored only as its id, and cannot be sent again', ({ expect }) => {
  const { way } = readDeadLetter(ownLetter(`or-${'a'.repeat(26)}`, 'the policy has no chats'));
  expect(way).toEqual({
    kind: 'none',
    because: 'the text of an order is not stored: write it again in its chat',
  });
});

test('every sample of a launch or a state change goes to its function', async ({ expect }) => {
  const samples = (await readManifest()).filter(({ trigger }) => trigger === 'eventbridge');
  const ways = await Promise.all(
    samples.map(async (sample) => {
      const raw = (await readSample(sample.file)).toString('utf8');
      const { way } = readDeadLetter(raw);
      if (way.kind === 'function') expect(JSON.parse(way.payload)).toEqual(JSON.parse(raw));
      return [sample.file, way.kind === 'function' ? way.functionName : way.kind];
    }),
  );
  expect(ways).toEqual(samples.map((sample) => [sample.file, `latchkey-${sample.function}`]));
});

test.for([
  ['<html>502</html>', 'it is neither JSON nor base64 of JSON'],
  ['42', 'it is neither a message nor an event of Latchkey'],
  ['[]', 'it is neither a message nor an event of Latchkey'],
  ['{"type":"oss:ObjectCreated"}', 'it is neither a message nor an event of Latchkey'],
  ['[{"data":{"messageBody":"hello"}}]', 'it is neither a message nor an event of Latchkey'],
])('%s cannot be sent again', ([body, because], { expect }) => {
  expect(readDeadLetter(body!).way).toEqual({ kind: 'none', because });
});

/** 20,000 levels: `JSON.parse` can read them, `JSON.stringify` cannot write them. */
const DEEP = '['.repeat(20_000) + ']'.repeat(20_000);

test.for([
  ['alone', DEEP],
  [
    'beside a message of ours',
    `[{"data":{"messageBody":${JSON.stringify(WAKE)}}},{"data":{"messageBody":${DEEP}}}]`,
  ],
  [
    'in a message of ours',
    `{"data":{"messageBody":{"schema":"latchkey.wake/1","rolloutId":"${ROLLOUT_ID}","more":${DEEP}}}}`,
  ],
  ['in an event', `{"type":"ecs:ActionTrail:ApiCall","data":${DEEP}}`],
])('a value that is nested too deeply, %s, cannot be sent again', ([, body], { expect }) => {
  expect(readDeadLetter(body!).way).toEqual({ kind: 'none', because: 'it is nested too deeply' });
});
