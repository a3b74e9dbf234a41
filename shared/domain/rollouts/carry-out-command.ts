import { whyNotEnough } from '../chat/chat-enough.ts';
import type { Command } from '../model/command.ts';
import { LatchkeyError } from '../model/errors.ts';
import type { Policy } from '../model/policy.ts';
import type { HistoryEntry, Rollout } from '../model/rollout.ts';
import { isAsker } from '../policy/people.ts';
import { carryOut, type CarryOutPorts, type Invocation } from './carry-out.ts';
import { planAgain, type PlanAgainPorts, type PlanChange } from './plan-again.ts';
import { askedForIt, PLAN_CHANGED, whyNotBy } from '../workflow/approval.ts';
import { refusalOf } from '../workflow/control.ts';

export type CommandPorts = PlanAgainPorts & { readonly policy: Pick<Policy, 'chat'> };

/**
 * Carries a command out once, and returns the rollout as it is then.
 *
 * A command whose `by` is in the history was carried out already and is not repeated. So a request that is
 * delivered twice permits one more restart at most.
 *
 * An approval is for the plan that was shown. The rollout is planned again first. If the plan has changed, the
 * approval ends.
 *
 * @param by who gives it, and its id: different for each request, the same when it is sent again
 * @throws {LatchkeyError} `conflict` when it does not apply now, or another request had this id;
 * `forbidden` for an approval that does not count; `plan-changed`, with the difference, when the plan has
 * changed; and what the ports throw
 */
export async function carryOutCommand(
  rollout: Rollout,
  command: Command,
  by: string,
  ports: CommandPorts,
  invocation: Invocation,
): Promise<Rollout> {
  const earlier = doneBy(rollout, by);
  if (earlier !== undefined) return repeated(rollout, command, earlier);
  checkPossible(rollout, command, ports);
  if (command.kind === 'approve') await checkPlan(rollout, command, by, ports, invocation);
  const after = await tell(rollout.rolloutId, command, by, ports, invocation);
  // Another command may have come first. Then this one was checked again and may have done nothing.
  if (doneBy(after, by) === undefined) checkPossible(after, command, ports);
  return after;
}

type Approve = Command & { readonly kind: 'approve' };

function doneBy({ history }: Rollout, by: string): HistoryEntry | undefined {
  return history.find((entry) => entry.by === by);
}

/** The history entries of each command (approval.ts, control.ts). */
const NOTES: Readonly<Record<Exclude<Command['kind'], 'resolve'>, readonly string[]>> = {
  pause: ['paused'],
  resume: ['resumed'],
  abort: ['aborted'],
  approve: ['approved', 'approval given'],
  deny: ['denied'],
};

function repeated(rollout: Rollout, command: Command, entry: HistoryEntry): Rollout {
  const { what, count, detail } = entry;
  const isSame =
    command.kind === 'resolve'
      ? what === `resolved: ${command.as}` && command.instanceIds.length === count
      : NOTES[command.kind].includes(what);
  if (isSame) return rollout;
  if (command.kind === 'approve' && what === PLAN_CHANGED) {
    throw changed(rollout, { why: detail, planDigest: null, difference: null });
  }
  throw refused(rollout, command, `another request with this id came before: ${what}`);
}

function checkPossible(rollout: Rollout, command: Command, ports: CommandPorts): void {
  if (command.kind === 'approve') checkApprover(rollout, command, ports.policy);
  const why = refusalOf(rollout, command) ?? tooLate(rollout, command, ports.clock.nowMs());
  if (why !== undefined) throw refused(rollout, command, why);
}

/** @throws {LatchkeyError} `forbidden` */
function checkApprover(
  rollout: Rollout,
  { approver }: Approve,
  policy: CommandPorts['policy'],
): void {
  const { person, place } = approver;
  const why =
    (isAsker(person, rollout.origin, policy) ? askedForIt(person) : undefined) ??
    whyNotBy(approver, rollout) ??
    (place === null ? undefined : whyNotEnough(place.platform, rollout, policy.chat));
  if (why === undefined) return;
  throw new LatchkeyError('forbidden', `Cannot approve rollout "${rollout.rolloutId}": ${why}`);
}

/** The timer may not have run since. */
function tooLate({ approval }: Rollout, command: Command, nowMs: number): string | undefined {
  if (command.kind !== 'approve' || approval?.state !== 'waiting') return undefined;
  return approval.untilMs > nowMs ? undefined : 'nobody approved it in time';
}

/** @throws {LatchkeyError} `plan-changed`, after the approval was ended */
async function checkPlan(
  rollout: Rollout,
  { approver }: Approve,
  by: string,
  ports: CommandPorts,
  invocation: Invocation,
): Promise<void> {
  const { approval, rolloutId } = rollout;
  if (approval?.state !== 'waiting' || approval.given.includes(approver.person)) return;
  const change = await planAgain(rollout, ports, invocation);
  if (change === undefined) return;
  const event = { kind: 'plan-changed', by, detail: change.why } as const;
  const after = await carryOut(rolloutId, event, ports, invocation);
  // Otherwise somebody else has decided in the meantime, and the first decision counts.
  if (after?.approval?.state === 'changed') throw changed(rollout, change);
}

function changed({ rolloutId }: Rollout, { why, planDigest, difference }: PlanChange) {
  return new LatchkeyError(
    'plan-changed',
    `Cannot approve rollout "${rolloutId}": its plan has changed, so the approval ended: ${why}`,
    { extra: { ...(planDigest === null ? {} : { planDigest }), difference } },
  );
}

function refused({ rolloutId }: Rollout, { kind }: Command, why: string): LatchkeyError {
  return new LatchkeyError('conflict', `Cannot ${kind} rollout "${rolloutId}": ${why}`);
}

/**
 * Carries a command out. The same command again changes nothing.
 *
 * @param by who gives it, and its id, for the history: a repeated `resolve` is recognised by it
 * @throws {LatchkeyError} `not-found`; `conflict` when the rollout is in no state for it
 */
export async function tell(
  rolloutId: string,
  command: Command,
  by: string,
  ports: CarryOutPorts,
  invocation: Invocation,
): Promise<Rollout> {
  const rollout = await ports.rollouts.load(rolloutId);
  if (rollout === undefined) {
    throw new LatchkeyError(
      'not-found',
      `Cannot ${command.kind} rollout "${rolloutId}": no such rollout`,
    );
  }
  const refusal = refusalOf(rollout, command);
  if (refusal !== undefined) throw refused(rollout, command, refusal);
  let openedAtMs: number | null = null;
  if (command.kind === 'resolve') {
    // The rollout may be over, or be over before this is saved. The entry is written before the row: the timer
    // drops an entry without work, but a rollout without an entry would be lost.
    openedAtMs = ports.clock.nowMs();
    const { origin } = rollout;
    await ports.rollouts.reopen({ rolloutId, createdAtMs: openedAtMs, origin });
  }
  const event = { kind: 'command', command, by, openedAtMs } as const;
  return (await carryOut(rollout, event, ports, invocation)) ?? rollout;
}
