/** `2026-11-24T02:53Z`: the times of ECS answers have the resolution of a minute. */
export function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16)}Z`;
}
