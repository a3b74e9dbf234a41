import { test } from 'vitest';
import { readRestartEvent } from '../../shared/inbound/restart-event.ts';
import { readDeadLetter } from '../../tools/redrive/dead-letter.ts';
import { readManifest, readSample } from '../../tools/samples.ts';

const ROLLOUT_ID = 'ro-aaaaaaaaaaaaaaaaaaaaaaaaaa';
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
    text,
    way: { kind: 'queue', bodies: [JSON.stringify(WAKE)] },
  });
});

test('a rollout that was not there is woken up', ({ expect }) => {
  expect(readDeadLetter(ownLetter(ROLLOUT_ID, 'no such rollout'))).toEqual({
    why: 'no such rollout',
    text: ROLLOUT_ID,
    way: { kind: 'queue', bodies: [JSON.stringify(WAKE)] },
  });
});

test.for(['hello', '{"schema":"latchkey.wake/9"}', '', '{"schema":"latchkey.wake/1"}'])(
  'our own letter about "%s" is left to a person',
  (text, { expect }) => {
    expect(readDeadLetter(ownLetter(text))).toEqual({
      why: 'because',
      text,
      way: { kind: 'none', because: 'what it holds is no message of ours' },
    });
  },
);

test('every sample of a queue trigger is taken out of its envelope', async ({ expect }) => {
  const manifest = await readManifest();
  const samples = manifest.filter((one) => one.trigger === 'queue' && one.function === 'restart');
  for (const { file, expected } of samples) {
    const raw = (await readSample(file)).toString('utf8');
    for (const body of [raw, base64(raw)]) {
      const { way } = readDeadLetter(body);
      const bodies = way.kind === 'queue' ? way.bodies : [];
      // What `restart` makes of what is sent again is what it makes of the sample.
      const event = readRestartEvent(Buffer.from(JSON.stringify(bodies)));
      const rolloutIds = event.kind === 'messages' ? event.rolloutIds : [];
      expect(rolloutIds, file).toEqual(expected['rolloutIds']);
    }
  }
});

test('of a batch what cannot be read is sent as well, and ends as a letter alone', ({ expect }) => {
  const batch = [
    { data: { messageBody: JSON.stringify(WAKE) } },
    { data: { messageBody: 'hello' } },
  ];
  expect(readDeadLetter(JSON.stringify(batch)).way).toEqual({
    kind: 'queue',
    bodies: [JSON.stringify(WAKE), 'hello'],
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
