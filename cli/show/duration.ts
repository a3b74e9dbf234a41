/** A rounded duration: `45 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. A negative one is `0 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? twoUnits(minutes, 60, 'h', 'min') : twoUnits(hours, 24, 'd', 'h');
}

function twoUnits(n: number, size: number, big: string, small: string): string {
  const rest = n % size;
  return `${Math.floor(n / size)} ${big}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}

/** `2026-11-24 03:00:05Z`: UTC, the same for every reader. */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `03:00:05Z` */
export function timeOfDay(ms: number): string {
  return moment(ms).slice(11);
}
