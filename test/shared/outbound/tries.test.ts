import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { tryEach, tryOne } from '../../../shared/outbound/tries.ts';

const options = { pause: async () => {} };
const busy = new LatchkeyError('throttled', 'busy');
const lost = new LatchkeyError('unavailable', 'lost');
const no = new LatchkeyError('refused', 'no');

/** Returns the given results, one for each try. */
function script(...results: (string | LatchkeyError)[]) {
  let tries = 0;
  const attempt = () => {
    const result = results[tries++]!;
    return result instanceof LatchkeyError ? Promise.reject(result) : Promise.resolve(result);
  };
  return { attempt, tries: () => tries };
}

test('only temporary failures are tried again, and results keep their order', async ({
  expect,
}) => {
  const asked: string[][] = [];
  const results = await tryEach<string, string>(['a', 'b', 'c'], options, async (items) => {
    asked.push([...items]);
    return items.map((item) => {
      if (item === 'b') return no;
      return item === 'c' && asked.length < 3 ? busy : `${item}!`;
    });
  });

  expect(results).toEqual(['a!', no, 'c!']);
  expect(asked).toEqual([['a', 'b', 'c'], ['c'], ['c']]);
});

test('there are three tries in all, with a pause between two of them', async ({ expect }) => {
  const pauses: number[] = [];
  const { attempt, tries } = script(busy, busy, busy, 'too late');
  const pause = async (delayMs: number) => void pauses.push(delayMs);

  await expect(tryOne({ ...options, pause }, attempt)).rejects.toBe(busy);
  expect(tries()).toBe(3);
  expect(pauses).toEqual([100, 400]);
});

test('an earlier try in doubt is reported although the last try did nothing', async ({
  expect,
}) => {
  await expect(tryOne(options, script(lost, busy, busy).attempt)).rejects.toBe(lost);
  await expect(tryOne(options, script(lost, no).attempt)).rejects.toBe(lost);
});

test('a conflict after a try in doubt stays a conflict', async ({ expect }) => {
  const conflict = new LatchkeyError('conflict', 'the condition failed');
  await expect(tryOne(options, script(lost, conflict).attempt)).rejects.toBe(conflict);
});

test('an error that is no LatchkeyError is a bug and propagates at once', async ({ expect }) => {
  let tries = 0;
  const attempt = () => {
    tries += 1;
    return Promise.reject(new TypeError('a bug'));
  };
  await expect(tryOne(options, attempt)).rejects.toThrow('a bug');
  expect(tries).toBe(1);
});
