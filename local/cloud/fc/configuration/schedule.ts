import { ConfigError } from './config-error.ts';
import { readCron } from './cron.ts';

/** The times at which a timer trigger fires. */
export interface Schedule {
  readonly text: string;
  /** The first time after `ms`; undefined when there is none. */
  nextMs(ms: number): number | undefined;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * `@every 10m`, or six cron fields in UTC, or in another zone after `CRON_TZ=<zone>`
 * (https://www.alibabacloud.com/help/en/functioncompute/fc/time-triggers).
 *
 * @throws {ConfigError} for anything else
 */
export function parseSchedule(text: string, place: string): Schedule {
  const every = /^@every\s+((?:\d+[hms])+)$/.exec(text.trim())?.[1];
  if (every !== undefined) {
    let periodMs = 0;
    for (const [, count, unit] of every.matchAll(/(\d+)([hms])/g)) {
      periodMs += Number(count) * UNITS_MS[unit!]!;
    }
    if (periodMs === 0) throw new ConfigError(place, `"${text}" is not a period`);
    return { text, nextMs: (ms) => ms + periodMs };
  }
  const [, zone, fields] = /^(?:CRON_TZ=(\S+)\s+)?(.*)$/s.exec(text.trim())!;
  const nextMs = readFields(fields!, zone ?? 'UTC', place);
  if (nextMs === undefined) {
    throw new ConfigError(place, `"${text}" is neither "@every <period>" nor six cron fields`);
  }
  return { text, nextMs };
}

function readFields(fields: string, zone: string, place: string) {
  try {
    return readCron(fields, zone);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ConfigError(place, `names the time zone "${zone}", which does not exist`);
  }
}
