/** The day in UTC, such as `2026-11-24`. Part of the key of tables that are read by day. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
