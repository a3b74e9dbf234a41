import type { Snapshot } from '../model/instance.ts';

/** Whether an instance carries each of these tags with exactly this value; '*' = with any value. */
export function hasTags(
  instance: Pick<Snapshot, 'tags'>,
  tags: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(tags).every(
    ([key, value]) =>
      // Else `constructor` would be found on every instance.
      Object.hasOwn(instance.tags, key) && (value === '*' || instance.tags[key] === value),
  );
}
