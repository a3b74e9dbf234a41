import fc from 'fast-check';
import { test } from 'vitest';
import {
  batchesOf,
  MAX_BATCH_BYTES,
  MAX_BATCH_MESSAGES,
} from '../../../../shared/outbound/smq/batches.ts';

/** Base64 makes four bytes of three: the longest body that fits. */
const LARGEST_BODY = (MAX_BATCH_BYTES / 4) * 3;

test('every message is in one batch or is too large, in order, and batches keep the limits', async ({
  expect,
}) => {
  const body = fc
    .tuple(fc.constantFrom('a', 'é', '汉'), fc.oneof(fc.nat(200), fc.nat(30_000)))
    .map(([character, count]) => character.repeat(count));
  fc.assert(
    fc.property(fc.array(body, { maxLength: 60 }), (bodies) => {
      const { batches, tooLarge } = batchesOf(bodies.map((body) => ({ body, delaySeconds: 0 })));
      const sent = batches.flat();
      const indexes = [...sent.map(({ index }) => index), ...tooLarge.map(({ index }) => index)];
      expect(indexes.toSorted((a, b) => a - b)).toEqual([...bodies.keys()]);
      expect(sent.every(({ index }, i) => i === 0 || sent[i - 1]!.index < index)).toBe(true);
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(MAX_BATCH_MESSAGES);
        const bytes = batch.reduce((sum, message) => sum + message.body.length, 0);
        expect(bytes).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        for (const message of batch) {
          expect(Buffer.from(message.body, 'base64').toString()).toBe(bodies[message.index]);
        }
      }
      for (const { index, error } of tooLarge) {
        expect(Buffer.byteLength(bodies[index]!)).toBeGreaterThan(LARGEST_BODY);
        expect(error.code).toBe('too-large');
      }
    }),
    { numRuns: 50 },
  );
});

test('batches are full: 33 small messages make three', async ({ expect }) => {
  const messages = Array.from({ length: 33 }, () => ({ body: '{}', delaySeconds: 0 }));
  expect(batchesOf(messages).batches.map((batch) => batch.length)).toEqual([16, 16, 1]);
});

test('the largest body that fits is sent, and one byte more is not', async ({ expect }) => {
  const { batches, tooLarge } = batchesOf([
    { body: 'x'.repeat(LARGEST_BODY), delaySeconds: 0 },
    { body: 'x'.repeat(LARGEST_BODY + 1), delaySeconds: 0 },
  ]);
  expect(batches.flat().map(({ index }) => index)).toEqual([0]);
  expect(tooLarge.map(({ index }) => index)).toEqual([1]);
});

test.for([-1, 0.5, 604_801, Number.NaN])(
  'a delay of %s seconds is a bug',
  (delaySeconds, { expect }) => {
    expect(() => batchesOf([{ body: '{}', delaySeconds }])).toThrow(RangeError);
  },
);
