/** About how long: `45 s`, `3 min`, `2 h 5 min`, `4 d 3 h`. Milliseconds that are not there yet count as none. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const [hours, restMinutes] = [Math.floor(minutes / 60), minutes % 60];
  if (hours < 48) return restMinutes === 0 ? `${hours} h` : `${hours} h ${restMinutes} min`;
  const restHours = hours % 24;
  const days = Math.floor(hours / 24);
  return restHours === 0 ? `${days} d` : `${days} d ${restHours} h`;
}

/** `2026-11-24 03:00:05Z`: the same for everybody, wherever they sit. */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')}Z`;
}

/** `03:00:05Z` */
export function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(11, 19)}Z`;
}
