/** Longest note, reason and name that a card repeats: our own choice, a card is read in seconds. */
export const MAX_NOTE = 200;
export const MAX_NAME = 60;
/** Most things that a card lists before it only counts them: our own choice. */
export const MAX_LISTED = 10;

/**
 * Text of somebody else's in one line, at most `max` characters. Controls, and what turns the direction
 * of text around, become spaces; what could be markup is the platform's adapter's business.
 */
export function inOneLine(text: string, max: number): string {
  const line = text.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join('')}…`;
}

/** `1 instance`, `2 instances`. */
export function counted(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** The first ten, and how many more there are. */
export function listed(items: readonly string[]): string {
  const shown = items.slice(0, MAX_LISTED).join(', ');
  const more = items.length - MAX_LISTED;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** `web 20, db 10`: the most first. */
export function countedBy(keys: Iterable<string>): string {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return listed(sorted.map(([key, count]) => `${key} ${count}`));
}

/** A moment that means the same to everybody who reads it: `2026-11-24 14:05 UTC`. */
export function utc(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * About how long, rounded up. The longer, the coarser: else a card that waits for hours would be
 * another one each minute, and be edited for it.
 */
export function about(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE_MS));
  if (minutes <= 10) return `${minutes} min`;
  if (minutes <= 90) return `${Math.ceil(minutes / 5) * 5} min`;
  const hours = Math.ceil(ms / HOUR_MS);
  return hours <= 48 ? `${hours} h` : `${Math.ceil(hours / 24)} days`;
}

/** What a set time limit is: `90 s`, `30 min`, `24 h`. */
export function span(seconds: number): string {
  if (seconds >= 7_200 && seconds % 3_600 === 0) return `${seconds / 3_600} h`;
  if (seconds >= 120 && seconds % 60 === 0) return `${seconds / 60} min`;
  return `${seconds} s`;
}
