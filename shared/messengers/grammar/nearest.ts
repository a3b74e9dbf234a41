/** One slip is permitted for each three letters: a word of one or two letters would be near to anything. */
const LETTERS_PER_SLIP = 3;

/**
 * The candidate that was probably meant: the only one that begins with `word`, or else the one with the
 * fewest slips. undefined when none is near.
 */
export function nearest<T extends string>(word: string, candidates: readonly T[]): T | undefined {
  const begun = candidates.filter((candidate) => candidate.startsWith(word));
  if (begun.length === 1 && word.length >= LETTERS_PER_SLIP) return begun[0];
  let best: T | undefined;
  let fewest = Infinity;
  for (const candidate of candidates) {
    const most = Math.floor(candidate.length / LETTERS_PER_SLIP);
    // Each extra letter is a slip: a much longer word needs no comparison.
    if (Math.abs(word.length - candidate.length) > most) continue;
    const slips = slipsBetween(word, candidate);
    if (slips <= most && slips < fewest) [best, fewest] = [candidate, slips];
  }
  return best;
}

/**
 * How many letters are missing, extra, wrong, or swapped with their neighbour: the optimal string alignment
 * distance. The time grows with the product of the lengths.
 */
export function slipsBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const steps = [
        row[j - 1]! + 1,
        rows[i - 1]![j]! + 1,
        rows[i - 1]![j - 1]! + (isSame ? 0 : 1),
      ];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) steps.push(rows[i - 2]![j - 2]! + 1);
      row.push(Math.min(...steps));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
