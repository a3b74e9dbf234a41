/** A heap of entries by due time. Entries are never removed early, so callers must skip the stale ones. */
export class DueHeap<T> {
  readonly #entries: { readonly atMs: number; readonly order: number; readonly value: T }[] = [];
  #order = 0;

  firstMs(): number | undefined {
    return this.#entries[0]?.atMs;
  }

  push(atMs: number, value: T): void {
    const entries = this.#entries;
    const entry = { atMs, order: this.#order++, value };
    let index = entries.push(entry) - 1;
    while (index > 0) {
      const above = (index - 1) >> 1;
      if (!this.#before(index, above)) break;
      this.#swap(index, above);
      index = above;
    }
  }

  /** The earliest entry that is due at `nowMs`. Entries of the same time come in the order of insertion. */
  popDue(nowMs: number): { readonly atMs: number; readonly value: T } | undefined {
    const entries = this.#entries;
    const first = entries[0];
    if (first === undefined || first.atMs > nowMs) return undefined;
    const last = entries.pop()!;
    if (entries.length === 0) return first;
    entries[0] = last;
    for (let index = 0; ;) {
      let least = index;
      for (const below of [2 * index + 1, 2 * index + 2]) {
        if (below < entries.length && this.#before(below, least)) least = below;
      }
      if (least === index) return first;
      this.#swap(index, least);
      index = least;
    }
  }

  #before(i: number, j: number): boolean {
    const [a, b] = [this.#entries[i]!, this.#entries[j]!];
    return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
  }

  #swap(i: number, j: number): void {
    const entries = this.#entries;
    [entries[i], entries[j]] = [entries[j]!, entries[i]!];
  }
}
