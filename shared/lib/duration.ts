/** Seconds in each unit that people write, the longest first. */
export const UNIT_SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Whole seconds as a count of the longest unit that holds them exactly: 300 as `5m`, 90 as `90s`. */
export function durationText(seconds: number): string {
  const [unit, length] = Object.entries(UNIT_SECONDS).find(
    ([, unitSeconds]) => seconds >= unitSeconds && seconds % unitSeconds === 0,
  ) ?? ['s', 1];
  return `${seconds / length}${unit}`;
}
