/**
 * As many of the first parts as fit. Where some are left out, `more` comes last, and says so.
 *
 * @param fits must hold for fewer parts if it holds for more
 */
export function firstThatFit<T>(
  parts: readonly T[],
  more: T,
  fits: (parts: readonly T[]) => boolean,
): readonly T[] {
  if (fits(parts)) return parts;
  let count = parts.length - 1;
  while (count > 0 && !fits([...parts.slice(0, count), more])) count -= 1;
  return [...parts.slice(0, count), more];
}

/** What stands in the place of what is left out. */
export const MORE = '… there is more than fits here: ask for its status.';
