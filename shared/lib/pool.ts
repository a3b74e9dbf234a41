/**
 * Maps every item with at most `limit` calls in flight, and keeps the order of the input.
 *
 * `work` must turn its own failures into results. If it rejects, the map rejects at once, and nobody waits for
 * the calls that are in flight.
 *
 * @param limit calls in flight at once
 * @throws {RangeError} if `limit` is not a positive whole number
 */
export async function mapPool<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new RangeError(`Cannot map with limit ${limit}: not a positive whole number`);
  }
  const results: R[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, lane));
  return results;
}

/** Cuts a list into pieces of at most `size`, in order. */
export function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}

/** Waits for all of them before it throws, because nothing may run on after the handler has returned. */
export async function settled<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const ended = await Promise.allSettled(work);
  return ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}
