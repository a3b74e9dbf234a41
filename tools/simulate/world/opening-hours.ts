import { DAYS, type Schedule } from '../../../shared/domain/model/window.ts';

/** Shanghai has no summer time, so plain arithmetic is enough. */
export const TIME_ZONE = 'Asia/Shanghai';
const OFFSET_MIN = 8 * 60;

/** Whether restarts are allowed at that time. Independent of the code under test. */
export function isOpenAt({ window, freezes }: Schedule, atMs: number): boolean {
  if (freezes.some(({ from, until }) => from <= atMs && atMs < until)) return false;
  if (window === null) return true;
  if (window.timeZone !== TIME_ZONE) throw new RangeError(`Cannot judge ${window.timeZone}`);
  const minutes = Math.floor(atMs / 60_000) + OFFSET_MIN;
  const start = minuteOf(window.start);
  const end = minuteOf(window.end);
  const lengthMin = ((end - start + 1_440 - 1) % 1_440) + 1;
  // Only the window that began today or yesterday can contain this minute.
  for (const daysAgo of [0, 1]) {
    const day = Math.floor(minutes / 1_440) - daysAgo;
    const begin = day * 1_440 + start;
    // Day 0 of the epoch was a Thursday.
    const name = DAYS[(day + 3) % 7]!;
    if (window.days.includes(name) && begin <= minutes && minutes < begin + lengthMin) return true;
  }
  return false;
}

function minuteOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}
