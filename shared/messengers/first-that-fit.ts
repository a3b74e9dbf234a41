/**
 * As many of the first parts as fit. If some are left out, `more` is added at the end.
 *
 * @param fits if it is true for some parts, it must be true for fewer of them
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

/** Shown in place of the parts that were left out. */
export const MORE = '… there is more than fits here: ask for its status.';
