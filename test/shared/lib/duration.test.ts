import { test } from 'vitest';
import { durationText } from '../../../shared/lib/duration.ts';

test.for([
  [0, '0s'],
  [1, '1s'],
  [59, '59s'],
  [60, '1m'],
  [90, '90s'],
  [3_600, '1h'],
  [5_400, '90m'],
  [86_400, '1d'],
  [604_800, '7d'],
] as const)('%d seconds are %s', ([seconds, text], { expect }) => {
  expect(durationText(seconds)).toBe(text);
});
