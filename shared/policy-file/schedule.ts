import * as v from 'valibot';
import { DAYS, isTimeZone } from '../domain/model/window.ts';
import { onlyThese } from '../contract/parse.ts';
import { eachOnce, ReasonText } from './fields.ts';

const TimeOfDay = v.pipe(
  v.string(),
  v.regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day from "00:00" to "23:59"'),
);

export const Window = onlyThese(
  {
    days: eachOnce(v.picklist(DAYS), 'a day'),
    start: TimeOfDay,
    end: TimeOfDay,
    timeZone: v.pipe(
      v.string(),
      v.check(isTimeZone, 'must be an IANA time zone, such as "Asia/Shanghai"'),
    ),
  },
  'a restart window',
);

/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6, in upper case and without leap seconds. */
const RFC_3339 =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since the epoch. */
const Moment = v.pipe(
  v.string(),
  v.check(
    (text) => isDate(RFC_3339.exec(text)?.[1]),
    'must be a date and time of RFC 3339, such as "2026-11-10T16:00:00+08:00"',
  ),
  v.transform((text) => Date.parse(text)),
);

/** `Date.parse` takes 31 February and reads it as 3 March. */
function isDate(date: string | undefined): boolean {
  const midnightMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(midnightMs) && new Date(midnightMs).toISOString().startsWith(`${date}T`);
}

export const Freeze = v.pipe(
  onlyThese({ from: Moment, until: Moment, reason: ReasonText }, 'a freeze'),
  v.forward(
    v.check(({ from, until }) => from < until, '"until" must be later than "from"'),
    ['until'],
  ),
);
