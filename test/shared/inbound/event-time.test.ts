import { test } from 'vitest';
import { eventTimeMs } from '../../../shared/inbound/event-time.ts';

/** Known answers by `date -u -d … +%s%3N`. */
test.for<[string, number]>([
  ['2026-11-18T11:06:45Z', 1_795_000_005_000],
  ['2026-11-18T19:06:45+08:00', 1_795_000_005_000],
  ['2026-11-18T19:06:45.922+08:00', 1_795_000_005_922],
  ['20190409T121826.922+0800', 1_554_783_506_922],
  ['20190409T121826+0800', 1_554_783_506_000],
])('%s is %i', ([text, ms], { expect }) => {
  expect(eventTimeMs(text)).toBe(ms);
});

test.for<unknown>([
  '2020-11-19T21:04:42.179PRC',
  '2026-11-18T11:06:45',
  '2026-13-18T11:06:45Z',
  '2026-11-18',
  'now',
  '',
  1_795_000_005_000,
  undefined,
])('%s is not a time', (text, { expect }) => {
  expect(eventTimeMs(text)).toBeUndefined();
});
