import type { InstanceView, PlanView } from '../api/views.ts';
import { duration } from './duration.ts';
import type { Paint } from './paint.ts';
import { count, countsText, joined, plain } from './text.ts';
import { cutTable, type View } from './view.ts';

const HEADER = ['INSTANCE', 'NAME', 'ZONE', 'KEY PAIR', 'ACTION', 'RESTART', 'WAVE', 'WHY'];

/** The plan, with all that a person needs to decide on it. */
export function showPlan(plan: PlanView, view: View): string[] {
  const { results, waves } = plan;
  const { paint } = view;
  const waveOf = new Map(waves.flatMap((ids, at) => ids.map((id) => [id, at + 1] as const)));
  const rowOf = (one: InstanceView) => [
    one.instanceId,
    plain(one.name ?? ''),
    one.zoneId ?? '',
    one.keyPairName === undefined ? '' : (one.keyPairName ?? 'none'),
    actionOf(one),
    one.next === 'none' ? '' : one.next,
    String(waveOf.get(one.instanceId) ?? ''),
    whyOf(one),
  ];
  return [
    `Plan: ${subjectOf(plan, paint)} on ${count(results.length, 'instance')}`,
    '',
    ...cutTable(HEADER, results, rowOf, view),
    '',
    totalsOf(plan),
    ...paceOf(plan),
    ...notesOf(plan, paint),
    `digest ${plan.planDigest}`,
  ];
}

function subjectOf({ results, keyPair: { name, fingerprint } }: PlanView, paint: Paint): string {
  if (isUndo({ results })) return 'the previous key pairs';
  return `key pair ${paint('bold', plain(name))} (${plain(fingerprint)})`;
}

/** Only an undo names a key pair for each instance. */
export function isUndo({ results }: Pick<PlanView, 'results'>): boolean {
  return results.some(({ keyPairName }) => keyPairName !== undefined);
}

/** Whether the plan changes anything. */
export function changesSomething({ results }: Pick<PlanView, 'results'>): boolean {
  return results.some((one) => one.kind !== 'skipped' || one.next !== 'none');
}

function actionOf(one: InstanceView): string {
  if (one.kind === 'skipped') return one.next === 'none' ? 'skip' : 'restart';
  if (one.keyPairName === null) return 'detach';
  return one.kind === 'waiting' && one.reason === 'pending' ? 'attach later' : 'attach';
}

function whyOf({ why, isScalingMember }: InstanceView): string {
  return plain(joined('; ', why, isScalingMember === true ? 'in a scaling group' : ''));
}

/** In the order in which totals are printed. */
const ACTIONS = ['attach', 'attach later', 'detach', 'reboot', 'start', 'skip'];

function totalsOf({ results }: PlanView): string {
  const words = results.flatMap((one) => [actionOf(one), one.next]);
  const counts = ACTIONS.map((what) => [what, words.filter((one) => one === what).length]);
  return countsText(Object.fromEntries(counts));
}

function paceOf({ waves, budget, expectedSeconds }: PlanView): string[] {
  if (waves.length === 0) return ['no restarts'];
  const sizes = waves.map(({ length }) => length);
  return [
    `${count(waves.length, 'wave')}: ${runsOf(sizes)}; at most ${budget.limit} down at once; halts after ${count(budget.haltAfter, 'failure')}`,
    `takes about ${duration(expectedSeconds * 1_000)} (an estimate)`,
  ];
}

/** `1, 2, 4, 10 times 8`: most waves have the same size. */
function runsOf(sizes: readonly number[]): string {
  const runs: { size: number; times: number }[] = [];
  for (const size of sizes) {
    const last = runs.at(-1);
    if (last?.size === size) last.times += 1;
    else runs.push({ size, times: 1 });
  }
  return runs
    .map(({ size, times }) => (times === 1 ? `${size}` : `${times} times ${size}`))
    .join(', ');
}

/** Replaces a field of the request by the flag that sets it. */
function inFlags(warning: string): string {
  return warning.replace('"restartAlreadyAttached": true', '--restart-already-attached');
}

function notesOf({ approval, warnings, optedOut }: PlanView, paint: Paint): string[] {
  const notes = [
    ...(approval === null ? [] : [`waits for somebody's approval: ${approval.why}`]),
    ...warnings.map(inFlags),
    ...optedOut.map(
      ({ instanceId, tag, value, effect }) =>
        `${instanceId}: its owner's tag for ${tag} is "${value}": ${effect}`,
    ),
  ];
  return notes.map((note) => `${paint('yellow', '!')} ${plain(note)}`);
}
