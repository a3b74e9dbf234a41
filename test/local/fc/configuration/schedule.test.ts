import { describe, test } from 'vitest';
import { parseSchedule } from '../../../../local/cloud/fc/configuration/schedule.ts';

/** The next times after `from`, as ISO texts. */
function times(text: string, from: string, count = 1): string[] {
  const schedule = parseSchedule(text, 'here');
  const found: string[] = [];
  let ms = Date.parse(from);
  for (let i = 0; i < count; i++) {
    ms = schedule.nextMs(ms)!;
    found.push(new Date(ms).toISOString().replace('.000Z', 'Z'));
  }
  return found;
}

describe('a schedule', () => {
  test('of a period counts from the time before', ({ expect }) => {
    expect(times('@every 4m', '2026-01-01T00:00:30Z', 2)).toEqual([
      '2026-01-01T00:04:30Z',
      '2026-01-01T00:08:30Z',
    ]);
    expect(times('@every 1h30m', '2026-01-01T00:00:00Z')).toEqual(['2026-01-01T01:30:00Z']);
  });

  // The first two are the examples of the time trigger's page.
  test.for([
    ['0 0 4 * * *', '2026-03-05T04:00:00Z', '2026-03-06T04:00:00Z'],
    ['CRON_TZ=Asia/Shanghai 0 0 4 1 * *', '2026-03-05T00:00:00Z', '2026-03-31T20:00:00Z'],
    ['*/20 * * * * *', '2026-03-05T10:00:41Z', '2026-03-05T10:01:00Z'],
    ['0 30 9-17/4 * * MON-FRI', '2026-03-06T17:30:00Z', '2026-03-09T09:30:00Z'],
    ['0 0 0 29 2 ?', '2026-03-01T00:00:00Z', '2028-02-29T00:00:00Z'],
    ['0 0 0 13 * FRI', '2026-03-01T00:00:00Z', '2026-03-06T00:00:00Z'],
    ['0 0 0 */2 * FRI', '2026-03-05T00:00:00Z', '2026-03-13T00:00:00Z'],
    ['0 3/20 * * * *', '2026-03-05T10:03:00Z', '2026-03-05T10:23:00Z'],
    ['0 0 2 * JUL,DEC *', '2026-08-01T00:00:00Z', '2026-12-01T02:00:00Z'],
    ['CRON_TZ=Europe/Berlin 0 0 12 * * *', '2026-07-01T00:00:00Z', '2026-07-01T10:00:00Z'],
    ['CRON_TZ=Europe/Berlin 0 0 12 * * *', '2026-12-01T00:00:00Z', '2026-12-01T11:00:00Z'],
  ])('"%s" after %s comes at %s', ([text = '', from = '', next], { expect }) => {
    expect(times(text, from)).toEqual([next]);
  });

  test('that never comes has no next time', ({ expect }) => {
    expect(parseSchedule('0 0 0 31 2 *', 'here').nextMs(0)).toBeUndefined();
  });

  test.for([
    '@every',
    '@every 0s',
    '@every 5',
    '* * * * *',
    '60 * * * * *',
    '0 0 24 * * *',
    '0 0 0 0 * *',
    '0 0 0 * 13 *',
    '0 0 0 * * 7',
    '0 0 0 * * SAT-SUN',
    '0 0 0 L * *',
    '0 0 0 15W * *',
    '0 0 0 * * 5#2',
    '0 0 0 * * +1',
    '0 0 0 * * * 2027',
    '@daily',
    '0 5-3 * * * *',
    '0 */0 * * * *',
    '0 x * * * *',
    'CRON_TZ=Mars/Olympus 0 0 4 * * *',
  ])('"%s" is refused', (text, { expect }) => {
    expect(() => parseSchedule(text, 'here')).toThrow(/^Cannot read "s.yaml": here /);
  });
});
