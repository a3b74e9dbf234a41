/** Seconds in each unit, the longest first. */
export const UNIT_SECONDS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const;

/** Whole seconds in the longest unit that divides them: 300 as `5m`, 90 as `90s`. */
export function durationText(seconds: number): string {
  const [unit, length] = Object.entries(UNIT_SECONDS).find(
    ([, unitSeconds]) => seconds >= unitSeconds && seconds % unitSeconds === 0,
  ) ?? ['s', 1];
  return `${seconds / length}${unit}`;
}
