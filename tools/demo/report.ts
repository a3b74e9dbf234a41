import { historyTable } from './pilot.ts';
import { table } from './progress.ts';
import type { RolloutView } from './webhook.ts';

/** What `--json` prints. */
export interface Result {
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
  /** Launched instances that the new key logs in to; counted apart. */
  readonly launched: number;
  readonly apiCalls: Readonly<Record<string, number>>;
  readonly ok: boolean;
}

/** Both rollouts as they were last seen. */
interface Views {
  readonly view: RolloutView | undefined;
  readonly pilot: RolloutView | undefined;
}

interface Around {
  readonly complaints: readonly string[];
  readonly logPath: string;
  readonly startedMs: number;
}

/** Says how it ended: the outcomes, the calls, the pilot's history, and whether all is as planned. */
export function report(
  say: (line: string) => void,
  { view, pilot }: Views,
  result: Result,
  { complaints, logPath, startedMs }: Around,
): void {
  const rows = new Map<string, number>();
  for (const { kind, reason, code, restart } of view?.results ?? []) {
    const key = [kind, reason ?? code ?? '', restart?.how ?? '', restart?.kind ?? ''].join('\n');
    rows.set(key, (rows.get(key) ?? 0) + 1);
  }
  const outcomes = [...rows].map(([key, count]) => [...key.split('\n'), String(count)]);
  const calls = Object.entries(result.apiCalls)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([action, count]) => [action, String(count)]);
  say(`\n${table(['outcome', 'reason', 'restart', 'which is', 'instances'], outcomes)}\n`);
  say(`${table(['call to ECS', 'count'], calls)}\n`);
  if (pilot !== undefined) {
    say('The pilot, which refused one reboot of the two that it may fail:\n');
    say(`${historyTable(pilot, startedMs)}\n`);
  }
  if (result.ok) {
    say(
      `Every instance ended as its plan said: ${result.attached} attached, ${result.rebooted} rebooted, ` +
        `${result.started} started, each once; the new key logs in to ${result.effective}.`,
    );
    return;
  }
  say('Not as the plan said:');
  for (const complaint of complaints) say(`  ${complaint}`);
  say(`What the functions said: ${logPath}`);
}
