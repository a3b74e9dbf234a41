import type { InstanceView, PlanView } from '../api/views.ts';
import { duration } from './duration.ts';
import { noPaint, type Paint } from './paint.ts';
import { someOf } from './rows.ts';
import { table } from './table.ts';
import { count, plain } from './text.ts';

/** What would happen, as a person decides on it. */
export function showPlan(
  plan: PlanView,
  { paint = noPaint, all }: { readonly paint?: Paint; readonly all: boolean },
): string[] {
  const { results, waves } = plan;
  const waveOf = new Map(waves.flatMap((ids, at) => ids.map((id) => [id, at + 1] as const)));
  const { shown, rest } = someOf(results, all);
  const rows = shown.map((one) => [
    one.instanceId,
    plain(one.name ?? ''),
    one.zoneId ?? '',
    one.keyPairName === undefined ? '' : (one.keyPairName ?? 'none'),
    actionOf(one),
    one.next === 'none' ? '' : one.next,
    String(waveOf.get(one.instanceId) ?? ''),
    whyOf(one),
  ]);
  const header = ['INSTANCE', 'NAME', 'ZONE', 'KEY PAIR', 'ACTION', 'RESTART', 'WAVE', 'WHY'];
  return [
    `Plan: ${whatOf(plan, paint)} on ${count(results.length, 'instance')}`,
    '',
    ...table(header, rows, paint),
    ...rest,
    '',
    totalsOf(plan),
    ...paceOf(plan),
    ...notesOf(plan, paint),
    `digest ${plan.planDigest}`,
  ];
}

function whatOf({ results, keyPair: { name, fingerprint } }: PlanView, paint: Paint): string {
  if (takesBack({ results })) return 'what was bound before';
  return `key pair ${paint('bold', plain(name))} (${plain(fingerprint)})`;
}

/** Whether each instance gets a key pair of its own: an undo. */
export function takesBack({ results }: Pick<PlanView, 'results'>): boolean {
  return results.some(({ keyPairName }) => keyPairName !== undefined);
}

/** Whether anything would be done at all. */
export function doesSomething({ results }: Pick<PlanView, 'results'>): boolean {
  return results.some((one) => one.kind !== 'skipped' || one.next !== 'none');
}

function actionOf(one: InstanceView): string {
  if (one.kind === 'skipped') return one.next === 'none' ? 'skip' : 'restart';
  if (one.keyPairName === null) return 'detach';
  return one.kind === 'waiting' && one.reason === 'pending' ? 'attach later' : 'attach';
}

function whyOf({ why = '', isScalingMember }: InstanceView): string {
  const group = isScalingMember === true ? 'in a scaling group' : '';
  return plain([why, group].filter((part) => part !== '').join('; '));
}

function totalsOf({ results }: PlanView): string {
  // In the order in which they are told, whatever comes first in the plan.
  const counts = new Map(ACTIONS.map((what) => [what, 0]));
  const add = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1);
  for (const one of results) {
    if (actionOf(one) !== 'restart') add(actionOf(one));
    if (one.next !== 'none') add(one.next);
  }
  return [...counts]
    .filter(([, n]) => n > 0)
    .map(([what, n]) => `${what} ${n}`)
    .join(', ');
}

const ACTIONS = ['attach', 'attach later', 'detach', 'reboot', 'start', 'skip'];

function paceOf({ waves, budget, expectedSeconds }: PlanView): string[] {
  if (waves.length === 0) return ['no restarts'];
  const sizes = waves.map(({ length }) => length);
  return [
    `${count(waves.length, 'wave')}: ${runsOf(sizes)}; at most ${budget.limit} down at once; halts after ${count(budget.haltAfter, 'failure')}`,
    `takes about ${duration(expectedSeconds * 1_000)} (an estimate)`,
  ];
}

/** `1, 2, 4, 10 times 8`: most waves are alike. */
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

/** What the service calls by its name in a request, by the flag that sets it. */
function inFlags(warning: string): string {
  return warning.replace('"restartAlreadyAttached": true', '--restart-already-attached');
}

function notesOf({ approval, warnings, optedOut }: PlanView, paint: Paint): string[] {
  const waits = approval === null ? [] : [`waits for somebody's approval: ${plain(approval.why)}`];
  const tags = optedOut.map(
    ({ instanceId, tag, value, effect }) =>
      `${instanceId}: its owner's tag for ${tag} is "${plain(value)}": ${effect}`,
  );
  return [...waits, ...warnings.map(inFlags).map(plain), ...tags].map(
    (note) => `${paint('yellow', '!')} ${note}`,
  );
}
