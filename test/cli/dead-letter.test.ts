import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { test } from 'vitest';
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
])('a message of ours in our own letter, %s, goes to the queue', ([, text], { expect }) => {
  expect(readDeadLetter(ownLetter(text!))).toEqual({
    why: 'because',
    texts: [text],
    way: { kind: 'queue', messages: [{ queue: 'results', body: JSON.stringify(WAKE) }] },
  });
});

test('a rollout that was not there is woken up', ({ expect }) => {
  expect(readDeadLetter(ownLetter(ROLLOUT_ID, 'no such rollout'))).toEqual({
    why: 'no such rollout',
    texts: [ROLLOUT_ID],
    way: { kind: 'queue', messages: [{ queue: 'results', body: JSON.stringify(WAKE) }] },
  });
});

test.for(['hello', '{"schema":"latchkey.wake/9"}', '', '{"schema":"latchkey.wake/1"}'])(
  'our own letter about "%s" is left to a person',
  (text, { expect }) => {
    expect(readDeadLetter(ownLetter(text))).toEqual({
      why: 'because',
      texts: [text],
      way: { kind: 'none', because: 'what it holds is no message of ours' },
    });
  },
);

const readBy = (name: string, bytes: Uint8Array) =>
  name === 'messenger' ? readMessengerEvent(bytes) : readRestartEvent(bytes);

test('every sample of a queue trigger is taken out of its envelope', async ({ expect }) => {
  const manifest = await readManifest();
  const samples = manifest.filter(({ trigger }) => trigger === 'queue');
  const queues = new Set<string>();
  for (const { file, expected, function: name } of samples) {
    const raw = (await readSample(file)).toString('utf8');
    for (const body of [raw, base64(raw)]) {
      const { way } = readDeadLetter(body);
      const messages = way.kind === 'queue' ? way.messages : [];
      const bytes = Buffer.from(JSON.stringify(messages.map(({ body }) => body)));
      // What its function makes of what is sent again is what it makes of the sample.
      expect(readBy(name, bytes), file).toMatchObject({ rolloutIds: expected['rolloutIds'] });
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

test('of a batch what cannot be read is sent as well, and ends as a letter alone', ({ expect }) => {
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

test('of a batch for both queues each message goes to its own', ({ expect }) => {
  const batch = ['hello', JSON.stringify(CARD), JSON.stringify(WAKE)].map((messageBody) => ({
    data: { messageBody },
  }));
  expect(readDeadLetter(JSON.stringify(batch)).way).toEqual({
    kind: 'queue',
    messages: [
      // To whoever reads something of the batch.
      { queue: 'chat', body: 'hello' },
      { queue: 'chat', body: JSON.stringify(CARD) },
      { queue: 'results', body: JSON.stringify(WAKE) },
    ],
  });
});

test('a card whose rollout was not there is looked at again', ({ expect }) => {
  const [text = ''] = bodiesOf({ kind: 'card', rolloutId: ROLLOUT_ID });
  expect(readDeadLetter(ownLetter(text, 'no such rollout')).way).toEqual({
    kind: 'queue',
    messages: [{ queue: 'chat', body: JSON.stringify(CARD) }],
  });
});

test('of an order that nobody may give only the id is left, and it cannot be sent', ({
  expect,
}) => {
  const { way } = readDeadLetter(ownLetter(`or-${'a'.repeat(26)}`, 'the policy has no chats'));
  expect(way).toEqual({
    kind: 'none',
    because: 'an order is not kept: it has to be written again in its chat',
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
  ['<html>502</html>', 'neither JSON nor base64 of it'],
  ['42', 'neither a message of ours nor an event that we take'],
  ['[]', 'neither a message of ours nor an event that we take'],
  ['{"type":"oss:ObjectCreated"}', 'neither a message of ours nor an event that we take'],
  ['[{"data":{"messageBody":"hello"}}]', 'neither a message of ours nor an event that we take'],
])('%s is left to a person', ([body, because], { expect }) => {
  expect(readDeadLetter(body!).way).toEqual({ kind: 'none', because });
});

/** 20,000 deep: `JSON.parse` stands it, `JSON.stringify` does not. */
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
])('what is nested too deep to be written, %s, is left to a person', ([, body], { expect }) => {
  expect(readDeadLetter(body!).way).toEqual({ kind: 'none', because: 'it is nested too deep' });
});
