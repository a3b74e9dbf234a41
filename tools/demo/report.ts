import { historyTable } from './pilot.ts';
import { callsTable, table } from './progress.ts';
import type { Ended, Say } from './run-demo.ts';
import type { RolloutView } from './webhook.ts';

/** How many instances ended how. */
export interface Counts {
  readonly instances: number;
  readonly attached: number;
  readonly failed: number;
  readonly skipped: number;
  readonly unknown: number;
  readonly waiting: number;
  readonly rebooted: number;
  readonly started: number;
  /** Attached instances that the new key logs in to. */
  readonly effective: number;
  /** Launched instances that the new key logs in to; not part of the others. */
  readonly launched: number;
}

/** Shows the outcomes, the calls and the pilot's history, and that all went as planned. */
export function report(
  say: Say,
  { view, pilot }: Readonly<Record<'view' | 'pilot', RolloutView | undefined>>,
  result: Counts & Ended,
  startedMs: number,
): void {
  const rows = new Map<string, number>();
  for (const { kind, reason, code, restart } of view?.results ?? []) {
    const key = [kind, reason ?? code ?? '', restart?.how ?? '', restart?.kind ?? ''].join('\n');
    rows.set(key, (rows.get(key) ?? 0) + 1);
  }
  const outcomes = [...rows].map(([key, count]) => [...key.split('\n'), String(count)]);
  say(`\n${table(['outcome', 'reason', 'restart', 'restart state', 'instances'], outcomes)}\n`);
  say(`${callsTable(result.apiCalls)}\n`);
  if (pilot !== undefined) {
    say('History of the pilot rollout, which would have halted at a second failure:\n');
    say(`${historyTable(pilot, startedMs)}\n`);
  }
  if (!result.ok) return;
  say(
    `Every instance ended as its plan said: ${result.attached} attached, ${result.rebooted} rebooted once, ` +
      `${result.started} started once; the new key logs in to ${result.effective}.`,
  );
}
