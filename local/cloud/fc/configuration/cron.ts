/** Which values each field allows. */
export interface Cron {
  readonly seconds: ReadonlySet<number>;
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Both the day and the weekday are narrowed: then one of the two is enough (crontab(5)). */
  readonly eitherDay: boolean;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY_MS = 86_400_000;
/** February 29 comes within this time, except around 2100. Our own choice. */
const HORIZON_DAYS = 5 * 366;

/** Six fields: second, minute, hour, day of the month, month, weekday. Undefined = not valid. */
export function readCron(text: string): Cron | undefined {
  const parts = text.trim().toUpperCase().split(/\s+/);
  if (parts.length !== 6) return undefined;
  const seconds = readField(parts[0]!, 0, 59);
  const minutes = readField(parts[1]!, 0, 59);
  const hours = readField(parts[2]!, 0, 23);
  const days = readField(parts[3]!, 1, 31);
  const months = readField(parts[4]!, 1, 12, MONTHS, 1);
  const weekdays = readField(parts[5]!, 0, 6, WEEKDAYS, 0);
  if (!seconds || !minutes || !hours || !days || !months || !weekdays) return undefined;
  const eitherDay = !/^[*?]/.test(parts[3]!) && !/^[*?]/.test(parts[5]!);
  return { seconds, minutes, hours, days, months, weekdays, eitherDay };
}

function readField(
  text: string,
  from: number,
  to: number,
  names: readonly string[] = [],
  firstName = 0,
): Set<number> | undefined {
  const number = (part: string) => {
    const index = names.indexOf(part);
    if (index >= 0) return index + firstName;
    return /^\d+$/.test(part) ? Number(part) : Number.NaN;
  };
  const allowed = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^(\*|\?|[A-Z0-9]+)(?:-([A-Z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) return undefined;
    const [, start, end, every] = match;
    const all = start === '*' || start === '?';
    if (all && end !== undefined) return undefined;
    const low = all ? from : number(start!);
    const high = end !== undefined ? number(end) : all || every !== undefined ? to : low;
    const step = every === undefined ? 1 : Number(every);
    if (!(low >= from && high <= to && low <= high && step >= 1)) return undefined;
    for (let value = low; value <= high; value += step) allowed.add(value);
  }
  return allowed;
}

/**
 * The times that `cron` allows, read on the clocks of `zone`. Hours that a zone skips or repeats may
 * be missed or come twice, as the vendor's page says of its own.
 *
 * @throws {RangeError} for an unknown zone
 */
export function cronTimes(cron: Cron, zone: string): (ms: number) => number | undefined {
  const offsetMs = zoneOffset(zone);
  return (ms) => {
    // From here on "local" times are counted as if the zone's clocks showed UTC.
    const startMs = (Math.floor((ms + offsetMs(ms)) / 1_000) + 1) * 1_000;
    const firstDayMs = Math.floor(startMs / DAY_MS) * DAY_MS;
    for (let day = 0; day <= HORIZON_DAYS; day++) {
      const dayMs = firstDayMs + day * DAY_MS;
      if (!allowsDay(cron, new Date(dayMs))) continue;
      for (const timeMs of timesOfDay(cron)) {
        const localMs = dayMs + timeMs;
        if (localMs < startMs) continue;
        const nextMs = localMs - offsetMs(localMs - offsetMs(localMs));
        if (nextMs > ms) return nextMs;
      }
    }
    return undefined;
  };
}

function allowsDay(cron: Cron, date: Date): boolean {
  if (!cron.months.has(date.getUTCMonth() + 1)) return false;
  const day = cron.days.has(date.getUTCDate());
  const weekday = cron.weekdays.has(date.getUTCDay());
  return cron.eitherDay ? day || weekday : day && weekday;
}

function* timesOfDay({ hours, minutes, seconds }: Cron): Generator<number> {
  const ascending = (values: ReadonlySet<number>) => [...values].toSorted((a, b) => a - b);
  for (const hour of ascending(hours)) {
    for (const minute of ascending(minutes)) {
      for (const second of ascending(seconds)) yield ((hour * 60 + minute) * 60 + second) * 1_000;
    }
  }
}

function zoneOffset(zone: string): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (ms) => {
    const parts = format.formatToParts(ms);
    const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
    const localMs = Date.UTC(
      of('year'),
      of('month') - 1,
      of('day'),
      of('hour'),
      of('minute'),
      of('second'),
    );
    return localMs - Math.floor(ms / 1_000) * 1_000;
  };
}
