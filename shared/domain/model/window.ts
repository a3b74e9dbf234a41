/** The hours in which restarts are allowed, in the local time of one time zone. */
export interface RestartWindow {
  /** The days on which it begins. At least one. */
  readonly days: readonly Day[];
  /** `HH:MM`, the first minute inside. */
  readonly start: string;
  /** `HH:MM`, the first minute outside: on the next day unless it is later than `start`. */
  readonly end: string;
  /** IANA name, such as `Asia/Shanghai`. */
  readonly timeZone: string;
}

/** A time without restarts, even inside the window. Milliseconds since the epoch. */
export interface Freeze {
  readonly from: number;
  /** The first moment after it. */
  readonly until: number;
  readonly reason: string;
}

export interface Schedule {
  /** null: at any time. */
  readonly window: RestartWindow | null;
  readonly freezes: readonly Freeze[];
}

/** No window and no freeze. */
export const ALWAYS: Schedule = { window: null, freezes: [] };

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Day = (typeof DAYS)[number];

export type RestartPermission =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'closed';
      readonly why: 'window' | 'freeze';
      /** For people: the freeze's reason, or the window's hours. */
      readonly detail: string;
      /** The first moment at which restarts are permitted; at the latest 60 days from now. */
      readonly untilMs: number;
    };

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DAY_MIN = 1_440;
/** Our own choice: a rollout that waits for so long checks again. */
const SEARCH_MS = 60 * DAY_MS;

/**
 * Whether the policy's window and freezes permit restarts now.
 *
 * The window is open while the local time of its zone is inside it. An hour that daylight saving time
 * skips is never open, and an hour that comes twice is open twice.
 *
 * @throws {RangeError} for a time zone that `isTimeZone` refuses
 */
export function restartPermission({ window, freezes }: Schedule, nowMs: number): RestartPermission {
  const freeze = freezes.find((one) => covers(one, nowMs));
  const hours = window === null ? null : hoursOf(window);
  if (freeze === undefined && (hours === null || isWithin(hours, nowMs))) return { kind: 'open' };
  const untilMs = firstOpenMs(hours, freezes, nowMs);
  return freeze === undefined
    ? { kind: 'closed', why: 'window', detail: window === null ? '' : inWords(window), untilMs }
    : { kind: 'closed', why: 'freeze', detail: freeze.reason, untilMs };
}

/** Whether this runtime's IANA time zone database has the name. */
export function isTimeZone(name: string): boolean {
  // Some runtimes also accept offsets, such as +08:00.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    formatterOf(name);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** A window in numbers: minutes of the day, and days as indices of `DAYS`. */
interface Hours {
  readonly days: ReadonlySet<number>;
  readonly startMin: number;
  readonly endMin: number;
  readonly timeZone: string;
}

function hoursOf({ days, start, end, timeZone }: RestartWindow): Hours {
  return {
    days: new Set(days.map((day) => DAYS.indexOf(day))),
    startMin: minuteOf(start),
    endMin: minuteOf(end),
    timeZone,
  };
}

function minuteOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return hour! * 60 + minute!;
}

function isWithin(hours: Hours, atMs: number): boolean {
  return isOnWall(hours, atMs + offsetMs(hours.timeZone, atMs));
}

/** @param wallMs the local time, as if it were UTC */
function isOnWall({ days, startMin, endMin }: Hours, wallMs: number): boolean {
  const { day, minute } = wallOf(wallMs);
  if (startMin < endMin) return days.has(day) && minute >= startMin && minute < endMin;
  const began = days.has(day) && minute >= startMin;
  const beganYesterday = days.has((day + 6) % 7) && minute < endMin;
  return began || beganYesterday;
}

function wallOf(wallMs: number): { readonly day: number; readonly minute: number } {
  const days = Math.floor(wallMs / DAY_MS);
  // The epoch was a Thursday.
  return { day: (days + 3) % 7, minute: Math.floor((wallMs - days * DAY_MS) / MINUTE_MS) };
}

/**
 * Steps from one moment at which something can change to the next. Between two of these moments nothing
 * changes.
 */
function firstOpenMs(hours: Hours | null, freezes: readonly Freeze[], nowMs: number): number {
  const lastMs = nowMs + SEARCH_MS;
  let atMs = nowMs;
  while (atMs < lastMs) {
    const freeze = freezes.find((one) => covers(one, atMs));
    if (freeze !== undefined) atMs = freeze.until;
    else if (hours === null || isWithin(hours, atMs)) return atMs;
    else atMs = nextChangeMs(hours, atMs);
  }
  return lastMs;
}

/** A moment after `atMs`. A window that is closed at `atMs` stays closed until then. */
function nextChangeMs(hours: Hours, atMs: number): number {
  const offset = offsetMs(hours.timeZone, atMs);
  const nextMinuteMs = (Math.floor(atMs / MINUTE_MS) + 1) * MINUTE_MS;
  // No zone changes its clocks twice within a day.
  const isSteady = (reachMs: number) => offsetMs(hours.timeZone, atMs + reachMs) === offset;
  const reachMs = [DAY_MS, HOUR_MS].find(isSteady);
  if (reachMs === undefined) return nextMinuteMs;
  const { minute } = wallOf(atMs + offset);
  // Only its start opens a window. A window that crosses midnight is open already.
  const toStartMin = (hours.startMin - minute + DAY_MIN) % DAY_MIN || DAY_MIN;
  return Math.min(nextMinuteMs + (toStartMin - 1) * MINUTE_MS, atMs + reachMs);
}

function covers({ from, until }: Freeze, atMs: number): boolean {
  return from <= atMs && atMs < until;
}

function inWords({ days, start, end, timeZone }: RestartWindow): string {
  return `${days.join(', ')} ${start} to ${end} ${timeZone}`;
}

/** Kept, because making one takes many times as long as using it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** @throws {RangeError} when there is no such time zone */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** The offset of the local time from UTC, in whole minutes, as everywhere since 1972. */
function offsetMs(timeZone: string, atMs: number): number {
  const wholeMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  const values = new Map<string, number>();
  for (const { type, value } of formatterOf(timeZone).formatToParts(wholeMs)) {
    values.set(type, Number(value));
  }
  const part = (type: string) => values.get(type)!;
  const { UTC } = Date;
  const wallMs = UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
  return wallMs - wholeMs;
}
