import { test } from 'vitest';
import { pauseMs } from '../../../local/cloud/eventbridge/retry.ts';
import type { RetryPolicy } from '../../../local/cloud/eventbridge/targets.ts';

function pauses(policy: RetryPolicy, random: () => number): number[] {
  const all: number[] = [];
  for (let failures = 1; ; failures++) {
    const ms = pauseMs(policy, failures, random);
    if (ms === undefined) return all;
    all.push(ms);
  }
}

test('BACKOFF_RETRY is three times, 10 to 20 s apart', ({ expect }) => {
  expect(pauses('BACKOFF_RETRY', () => 0)).toEqual([10_000, 10_000, 10_000]);
  expect(pauses('BACKOFF_RETRY', () => 0.5)).toEqual([15_000, 15_000, 15_000]);
  expect(Math.max(...pauses('BACKOFF_RETRY', () => 0.999))).toBeLessThan(20_000);
});

test('EXPONENTIAL_DECAY_RETRY is 176 times, doubling up to 512 s, within a day', ({ expect }) => {
  const all = pauses('EXPONENTIAL_DECAY_RETRY', () => 0);
  expect(all).toHaveLength(176);
  expect(all.slice(0, 11).map((ms) => ms / 1_000)).toEqual([
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 512,
  ]);
  expect(all.filter((ms) => ms === 512_000)).toHaveLength(167);
  const hours = all.reduce((sum, ms) => sum + ms, 0) / 3_600_000;
  expect(hours).toBeGreaterThan(23.5);
  expect(hours).toBeLessThan(24);
});
