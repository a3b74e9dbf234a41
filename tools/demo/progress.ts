import type { RolloutView } from './webhook.ts';

const WIDTH = 30;

/** `wave 2 of 3 · attached 102 · restarting 40 · ready 0`, after a bar of ready and running instances. */
export function progressLine(view: RolloutView, sinceMs: number, name: string): string {
  const restarts = view.results.flatMap(({ restart }) => restart ?? []);
  const count = (...kinds: string[]) => restarts.filter(({ kind }) => kinds.includes(kind)).length;
  const ready = count('ready');
  const back = restarts.filter(
    ({ kind, runningAtMs }) => kind === 'booting' && typeof runningAtMs === 'number',
  ).length;
  const restarting = count('claimed', 'booting') - back;
  const trouble = count('failed', 'unknown');
  const cells = (n: number) =>
    restarts.length === 0 ? 0 : Math.round((n / restarts.length) * WIDTH);
  const [full, half] = [cells(ready), cells(ready + back)];
  const bar = '█'.repeat(full) + '▒'.repeat(half - full) + '░'.repeat(WIDTH - half);
  const parts = [
    waveOf(view),
    `attached ${view.attachedCount}`,
    ...(view.skipCount > 0 ? [`skipped ${view.skipCount}`] : []),
    ...(view.waitingCount > 0 ? [`waiting ${view.waitingCount}`] : []),
    `restarting ${restarting}`,
    ...(back > 0 ? [`running again ${back}`] : []),
    `ready ${ready}`,
    ...(trouble > 0 ? [`not restarted ${trouble}`] : []),
  ];
  return `${seconds(sinceMs)}  ${name}  ${bar}  ${parts.join(' · ')}`;
}

function waveOf({ wave }: RolloutView): string {
  return wave === undefined || wave.current === 0
    ? 'before wave 1'
    : `wave ${wave.current} of ${wave.of}`;
}

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}

/** A table with a head. Numbers are aligned right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        /^\d+$/.test(cell) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('   ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('───');
  return [line(head), rule, ...rows.map(line)].map((text) => `  ${text}`).join('\n');
}

/** How often each action of ECS was called. */
export function callsTable(apiCalls: Readonly<Record<string, number>>): string {
  const rows = Object.entries(apiCalls)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([action, count]) => [action, String(count)]);
  return table(['call to ECS', 'count'], rows);
}
