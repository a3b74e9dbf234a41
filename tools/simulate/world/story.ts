import type { Clock } from '../../../shared/domain/model/ports.ts';

/**
 * What happened in one seed, one line each, for finding out why it failed.
 *
 * @param isTold whether the story is kept
 */
export function storyOf(clock: Clock, isTold: boolean) {
  const startMs = clock.nowMs();
  const lines: string[] = [];
  /** @param text called only when the story is kept */
  const tell = (text: () => string) => {
    if (!isTold) return;
    const seconds = (clock.nowMs() - startMs) / 1_000;
    lines.push(`${seconds.toFixed(3).padStart(10)}  ${text()}`);
  };
  return { lines, tell };
}

export type Story = ReturnType<typeof storyOf>;

/** The first items, and how many there are. */
export function few(items: readonly string[]): string {
  const shown = items.slice(0, 6).join(' ');
  return items.length > 6 ? `${shown} … (${items.length})` : shown;
}
