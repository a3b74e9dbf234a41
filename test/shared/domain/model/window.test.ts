import fc from 'fast-check';
import { test } from 'vitest';
import {
  ALWAYS,
  DAYS,
  type Freeze,
  isTimeZone,
  restartPermission,
  type RestartWindow,
  type Schedule,
} from '../../../../shared/domain/model/window.ts';

const MINUTE_MS = 60_000;
const at = (iso: string) => Date.parse(iso);
const iso = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

function aWindow(over: Partial<RestartWindow> = {}): RestartWindow {
  return { days: DAYS, start: '02:00', end: '04:00', timeZone: 'UTC', ...over };
}

const aFreeze = (from: string, until: string, reason = 'sale'): Freeze => ({
  from: at(from),
  until: at(until),
  reason,
});

/** When it opens again, or that it is open. */
function opening(schedule: Partial<Schedule>, now: string): string {
  const answer = restartPermission({ ...ALWAYS, ...schedule }, at(now));
  return answer.kind === 'open' ? 'open' : `${answer.why} until ${iso(answer.untilMs)}`;
}

test('without a window and a freeze it is always open', ({ expect }) => {
  expect(restartPermission(ALWAYS, 0)).toEqual({ kind: 'open' });
});

test('a window begins with its first minute and ends before its last', ({ expect }) => {
  const window = aWindow({ days: ['tue'] });
  const seen = ['01:59:59', '02:00:00', '03:59:59', '04:00:00'].map((time) =>
    opening({ window }, `2026-11-24T${time}Z`),
  );
  expect(seen).toEqual([
    'window until 2026-11-24T02:00:00Z',
    'open',
    'open',
    'window until 2026-12-01T02:00:00Z',
  ]);
});

test('a window over midnight is that of the day on which it begins', ({ expect }) => {
  const window = aWindow({ days: ['fri'], start: '22:00', end: '06:00' });
  const seen = ['27T05:00', '27T22:00', '28T05:59', '28T06:00', '28T22:00'].map((time) =>
    opening({ window }, `2026-11-${time}:00Z`),
  );
  expect(seen).toEqual([
    'window until 2026-11-27T22:00:00Z',
    'open',
    'open',
    'window until 2026-12-04T22:00:00Z',
    'window until 2026-12-04T22:00:00Z',
  ]);
});

test('a window that ends when it begins is a whole day', ({ expect }) => {
  const window = aWindow({ days: ['sat'], start: '08:00', end: '08:00' });
  const seen = ['28T07:59', '28T08:00', '29T07:59', '29T08:00'].map((time) =>
    opening({ window }, `2026-11-${time}:00Z`),
  );
  expect(seen).toEqual([
    'window until 2026-11-28T08:00:00Z',
    'open',
    'open',
    'window until 2026-12-05T08:00:00Z',
  ]);
});

test('days and times are those of the time zone', ({ expect }) => {
  const window = aWindow({ days: ['wed'], start: '00:30', timeZone: 'Asia/Shanghai' });
  expect(opening({ window }, '2026-11-24T16:29:00Z')).toBe('window until 2026-11-24T16:30:00Z');
  expect(opening({ window }, '2026-11-24T16:30:00Z')).toBe('open');
});

test.for<[string, string, string, string, string]>([
  // 02:00 to 03:00 does not exist on 29 March: 01:59 +01:00 is followed by 03:00 +02:00.
  ['Europe/Berlin', '02:00', '03:00', '2026-03-29T00:30:00Z', '2026-03-30T00:00:00Z'],
  ['Europe/Berlin', '02:30', '04:00', '2026-03-29T00:30:00Z', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '01:00', '02:30', '2026-03-29T01:00:00Z', '2026-03-29T23:00:00Z'],
  ['Europe/Berlin', '05:00', '06:00', '2026-03-28T23:00:00Z', '2026-03-29T03:00:00Z'],
  // 02:00 to 03:00 comes twice on 25 October, first at +02:00.
  ['Europe/Berlin', '02:00', '03:00', '2026-10-24T23:59:00Z', '2026-10-25T00:00:00Z'],
  ['Europe/Berlin', '02:00', '03:00', '2026-10-25T02:00:00Z', '2026-10-26T01:00:00Z'],
  ['Europe/Berlin', '02:30', '04:00', '2026-10-25T01:00:00Z', '2026-10-25T01:30:00Z'],
  ['Europe/Berlin', '05:00', '06:00', '2026-10-24T23:00:00Z', '2026-10-25T04:00:00Z'],
  ['America/New_York', '02:00', '03:00', '2026-03-08T06:00:00Z', '2026-03-09T06:00:00Z'],
  ['America/New_York', '02:45', '05:00', '2026-03-08T06:00:00Z', '2026-03-08T07:00:00Z'],
  ['America/New_York', '01:00', '02:00', '2026-11-01T04:00:00Z', '2026-11-01T05:00:00Z'],
  ['America/New_York', '01:00', '02:00', '2026-11-01T07:00:00Z', '2026-11-02T06:00:00Z'],
  // By half an hour only.
  ['Australia/Lord_Howe', '02:15', '04:00', '2026-10-03T15:00:00Z', '2026-10-03T15:30:00Z'],
])('in %s %s to %s is closed at %s until %s', ([timeZone, start, end, now, until], { expect }) => {
  expect(opening({ window: aWindow({ timeZone, start, end }) }, now)).toBe(`window until ${until}`);
});

test('an hour that comes twice is open twice', ({ expect }) => {
  const window = aWindow({ start: '02:30', end: '03:00', timeZone: 'Europe/Berlin' });
  const seen = ['00:29', '00:30', '00:59', '01:00', '01:30', '01:59', '02:00'].map(
    (time) => restartPermission({ window, freezes: [] }, at(`2026-10-25T${time}:00Z`)).kind,
  );
  expect(seen).toEqual(['closed', 'open', 'open', 'closed', 'open', 'open', 'closed']);
});

test('a freeze says its reason, and ends to the millisecond', ({ expect }) => {
  const freezes = [aFreeze('2026-11-24T10:00:00.5Z', '2026-11-24T12:00:00.25Z', 'double eleven')];
  const until = at('2026-11-24T12:00:00.25Z');
  expect(restartPermission({ window: null, freezes }, at('2026-11-24T10:00:00.5Z'))).toEqual({
    kind: 'closed',
    why: 'freeze',
    detail: 'double eleven',
    untilMs: until,
  });
  expect(restartPermission({ window: null, freezes }, until)).toEqual({ kind: 'open' });
  expect(restartPermission({ window: null, freezes }, at('2026-11-24T10:00:00Z')).kind).toBe(
    'open',
  );
});

test('after a freeze comes the window, and after the window a freeze', ({ expect }) => {
  const window = aWindow();
  const freezes = [
    aFreeze('2026-11-24T00:00:00Z', '2026-11-25T03:30:00Z'),
    aFreeze('2026-11-25T03:00:00Z', '2026-11-25T10:00:00Z'),
    aFreeze('2026-11-26T01:00:00Z', '2026-11-26T03:59:30Z'),
  ];
  expect(opening({ window, freezes }, '2026-11-24T02:30:00Z')).toBe(
    'freeze until 2026-11-26T03:59:30Z',
  );
  expect(opening({ window, freezes }, '2026-11-25T12:00:00Z')).toBe(
    'window until 2026-11-26T03:59:30Z',
  );
});

test('the hours of the window are told to people', ({ expect }) => {
  const window = aWindow({ days: ['sat', 'sun'], timeZone: 'Asia/Shanghai' });
  expect(restartPermission({ window, freezes: [] }, at('2026-11-24T00:00:00Z'))).toMatchObject({
    detail: 'sat, sun 02:00 to 04:00 Asia/Shanghai',
  });
});

test('what stays closed for longer is looked at again in 60 days', ({ expect }) => {
  const freezes = [aFreeze('2026-11-01T00:00:00Z', '2028-01-01T00:00:00Z')];
  expect(opening({ freezes }, '2026-11-24T00:00:00Z')).toBe('freeze until 2027-01-23T00:00:00Z');
});

test('time zones are those of the IANA database', ({ expect }) => {
  const names = ['Asia/Shanghai', 'UTC', 'Europe/Berlin', 'Mars/Olympus', '+08:00', '', 'CET; x'];
  expect(names.map(isTimeZone)).toEqual([true, true, true, false, false, false, false]);
});

const YEAR_2026_MS = at('2026-01-01T00:00:00Z');

const someTime = fc
  .integer({ min: 0, max: 1_439 })
  .map((minute) => new Date(minute * MINUTE_MS).toISOString().slice(11, 16));

const someWindow = (timeZones: fc.Arbitrary<string>): fc.Arbitrary<RestartWindow> =>
  fc.record({
    days: fc.uniqueArray(fc.constantFrom(...DAYS), { minLength: 1 }),
    start: someTime,
    end: someTime,
    timeZone: timeZones,
  });

/** Freezes of up to three days that begin within a week before or after `nowMs`. */
const someFreezes = (nowMs: number): fc.Arbitrary<Freeze[]> =>
  fc.array(
    fc
      .tuple(fc.integer({ min: -10_080, max: 10_080 }), fc.integer({ min: 1, max: 4_320 }))
      .map(([fromMin, minutes]) => {
        const from = nowMs + fromMin * MINUTE_MS + 1;
        return { from, until: from + minutes * MINUTE_MS, reason: '' };
      }),
    { maxLength: 3 },
  );

const someMoment = fc
  .integer({ min: 0, max: 366 * 1_440 * 60 })
  .map((s) => YEAR_2026_MS + s * 1_000);

const someCase = (timeZones: fc.Arbitrary<string>) =>
  someMoment.chain((nowMs) =>
    fc.record({
      nowMs: fc.constant(nowMs),
      window: fc.option(someWindow(timeZones), { freq: 8 }),
      freezes: someFreezes(nowMs),
    }),
  );

test('it is open at the moment that is told, and not before', ({ expect }) => {
  const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
  fc.assert(
    fc.property(someCase(fc.constantFrom(...zones)), ({ nowMs, ...schedule }) => {
      const answer = restartPermission(schedule, nowMs);
      if (answer.kind === 'open') return;
      const { untilMs } = answer;
      expect(untilMs).toBeGreaterThan(nowMs);
      expect(restartPermission(schedule, untilMs).kind).toBe('open');
      const before = [untilMs - MINUTE_MS, untilMs - 1].filter((ms) => ms >= nowMs);
      expect(before.map((ms) => restartPermission(schedule, ms).kind)).not.toContain('open');
    }),
    { numRuns: 300 },
  );
});

/** `2026-11-24T09:30` as the clock on the wall shows it. */
type Wall = (ms: number) => string;

const utcWall: Wall = (ms) => new Date(ms).toISOString().slice(0, 16);

function wallIn(timeZone: string): Wall {
  // Swedish dates are written like ISO 8601.
  const formatter = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  return (ms) => formatter.format(ms).replace(' ', 'T');
}

/** Written without regard to the code under test: reads texts, minute by minute. */
function isOpenAt({ window, freezes }: Schedule, ms: number, wall: Wall): boolean {
  if (freezes.some(({ from, until }) => ms >= from && ms < until)) return false;
  if (window === null) return true;
  const { days, start, end } = window;
  const [date, time] = wall(ms).split('T') as [string, string];
  const midnight = new Date(`${date}T00:00:00Z`);
  const today = DAYS[(midnight.getUTCDay() + 6) % 7]!;
  const yesterday = DAYS[(midnight.getUTCDay() + 5) % 7]!;
  const startsToday = days.includes(today) && time >= start;
  if (start < end) return startsToday && time < end;
  return startsToday || (days.includes(yesterday) && time < end);
}

function firstOpenAt(schedule: Schedule, nowMs: number, wall: Wall): number {
  // What can change anything: whole minutes, and the moments when a freeze ends.
  let first = nowMs;
  while (!isOpenAt(schedule, first, wall)) {
    const next = (Math.floor(first / MINUTE_MS) + 1) * MINUTE_MS;
    const ends = schedule.freezes.map(({ until }) => until).filter((ms) => ms > first);
    first = Math.min(next, ...ends);
  }
  return first;
}

test('in UTC it is what looking at every minute says', ({ expect }) => {
  fc.assert(
    fc.property(someCase(fc.constant('UTC')), ({ nowMs, ...schedule }) => {
      const answer = restartPermission(schedule, nowMs);
      const first = firstOpenAt(schedule, nowMs, utcWall);
      expect(answer.kind === 'open' ? nowMs : answer.untilMs).toBe(first);
    }),
    { numRuns: 200 },
  );
});

test.for<[string, string]>([
  ['Europe/Berlin', '2026-03-29T01:00:00Z'],
  ['Europe/Berlin', '2026-10-25T01:00:00Z'],
  ['America/New_York', '2026-03-08T07:00:00Z'],
  ['America/New_York', '2026-11-01T06:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T15:00:00Z'],
])('so it is in %s when the clocks change at %s', ([timeZone, change], { expect }) => {
  const wall = wallIn(timeZone);
  const nearby = fc
    .integer({ min: -1_500, max: 180 })
    .map((minutes) => at(change) + minutes * MINUTE_MS);
  fc.assert(
    fc.property(nearby, someWindow(fc.constant(timeZone)), (nowMs, some) => {
      const schedule = { window: { ...some, days: DAYS }, freezes: [] };
      const answer = restartPermission(schedule, nowMs);
      const first = firstOpenAt(schedule, nowMs, wall);
      expect(answer.kind === 'open' ? nowMs : answer.untilMs).toBe(first);
    }),
    { numRuns: 60 },
  );
});
