import { Cron } from 'croner';

const VALUE = '(?:\\d{1,2}|[A-Z]{3})';
const PART = `(?:[*?]|${VALUE}(?:-${VALUE})?)(?:/\\d{1,2})?`;
/** croner also knows `L`, `W`, `#` and `+`, which the page of the time trigger does not name. */
const FIELD = new RegExp(`^${PART}(?:,${PART})*$`);
/** croner also accepts 7 as Sunday, and Sunday as the end of a range. The time trigger's weekdays are 0 to 6. */
const SUNDAY_AS_7 = /7|-SUN/;

/**
 * Reads six cron fields: second, minute, hour, day of the month, month, weekday.
 *
 * Where neither the day nor the weekday begins with `*` or `?`, one of the two is enough (crontab(5)).
 * A time that a change of the clocks skips or repeats may be missed or come twice, as with the real
 * time trigger.
 *
 * @param zone an IANA time zone
 * @returns the next time after another one, both in ms since 1970; undefined when the fields are not valid
 * @throws {RangeError} for an unknown zone
 */
export function readCron(
  text: string,
  zone: string,
): ((ms: number) => number | undefined) | undefined {
  const fields = text.trim().toUpperCase().split(/\s+/);
  const [, , , day, , weekday] = fields;
  if (day === undefined || weekday === undefined) return undefined;
  if (!fields.every((field) => FIELD.test(field)) || SUNDAY_AS_7.test(weekday)) return undefined;
  new Intl.DateTimeFormat('en', { timeZone: zone });
  try {
    const cron = new Cron(fields.join(' '), {
      paused: true,
      mode: '6-part',
      // `3/5` is "every fifth from the third on".
      sloppyRanges: true,
      timezone: zone,
      domAndDow: /^[*?]/.test(day) || /^[*?]/.test(weekday),
    });
    return (ms) => cron.nextRun(new Date(ms))?.getTime();
  } catch {
    return undefined;
  }
}
