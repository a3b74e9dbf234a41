import { countStates } from '../../shared/domain/workflow/instance-state.ts';
import { duration } from '../show/duration.ts';
import type { Paint } from '../show/paint.ts';
import { showNextCalls } from '../show/rollout.ts';
import { table } from '../show/table.ts';
import { count, countsText, plain } from '../show/text.ts';
import type { Report } from './rotate.ts';

export function showReport(report: Report, paint: Paint): string[] {
  const { oldName, newName, rollouts, brokenOff, who, tookMs } = report;
  const names = `${plain(oldName)} to ${plain(newName)}`;
  if (rollouts.length === 0 && who.holders.length === 0) {
    return [`Rotation ${names}: nothing to do, ${plain(oldName)} works on no instance`];
  }
  const instances = rollouts.reduce((sum, { results }) => sum + results.length, 0);
  return [
    `Rotation ${names}: ${count(instances, 'instance')} in ${count(rollouts.length, 'rollout')}, took ${duration(tookMs)}`,
    ...rolloutTable(report, paint),
    '',
    ...leftTable(report, paint),
    ...(brokenOff ? nextSteps(report) : []),
  ];
}

/** Whether the old key pair works on no instance any more, as far as Latchkey knows. */
export function isComplete({ brokenOff, who }: Report): boolean {
  return !brokenOff && who.holders.length === 0 && !who.more;
}

function rolloutTable({ rollouts }: Report, paint: Paint): string[] {
  if (rollouts.length === 0) return [];
  const rows = rollouts.map(({ rolloutId, status, results }) => {
    const states = countsText(Object.fromEntries(countStates(results.map(({ state }) => state))));
    return [rolloutId, plain(status), String(results.length), states];
  });
  return table(['ROLLOUT', 'STATUS', 'INSTANCES', 'STATES'], rows, paint);
}

function leftTable({ oldName, who, skipped }: Report, paint: Paint): string[] {
  const { holders, more } = who;
  if (holders.length === 0) return [`${plain(oldName)} works on no instance any more`];
  const rows = holders.map(({ instanceId, name, boundTo, effective, why }) => {
    const skip = skipped.get(instanceId);
    const reason = skip === undefined || boundTo !== oldName ? why : `skipped: ${skip}`;
    return [instanceId, name, boundTo ?? 'none', effective, reason].map(plain);
  });
  const left = `${more ? 'more than ' : ''}${count(holders.length, 'instance')}`;
  return [
    `${paint('yellow', '!')} ${plain(oldName)} still works, or may work, on ${left}:`,
    ...table(['INSTANCE', 'NAME', 'BOUND TO', 'EFFECTIVE', 'WHY'], rows, paint),
  ];
}

function nextSteps({ rollouts, oldName, newName }: Report): string[] {
  const last = rollouts.at(-1);
  return [
    ...(last === undefined ? [] : showNextCalls(last)),
    `after that, continue the rotation: npx latchkey rotate ${plain(oldName)} ${plain(newName)}`,
  ];
}
