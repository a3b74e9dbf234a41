import type { Command } from '../../model/command.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { OrderCommand } from '../../model/order.ts';
import type { Rollout } from '../../model/rollout.ts';
import { decisionOf } from '../../workflow/approval.ts';
import type { Invocation } from '../carry-out.ts';
import { carryOutCommand } from '../carry-out-command.ts';
import { checkAge, type OrderPorts, type PersonOrder } from './person-order.ts';

type Control = PersonOrder<Exclude<OrderCommand['kind'], 'ask' | 'undo'>>;

/**
 * Carries out an order to approve, deny, pause, resume or abort a rollout, and returns the rollout.
 *
 * @throws {LatchkeyError} as `carryOutCommand`; `not-found`; `conflict` for an order that is too old, or after another
 * decision
 */
export async function controlRollout(
  control: Control,
  ports: OrderPorts,
  invocation: Invocation,
): Promise<Rollout> {
  const { order, person, command } = control;
  const { kind, rolloutId } = command;
  const by = `${person.id} ${order.id}`;
  const rollout = await ports.rollouts.load(rolloutId);
  if (rollout === undefined) {
    throw new LatchkeyError('not-found', `Cannot ${kind} rollout "${rolloutId}": no such rollout`);
  }
  if (!rollout.history.some((entry) => entry.by === by)) {
    checkAge(order, ports);
    if (kind === 'deny') checkUndecided(rollout);
  }
  return carryOutCommand(rollout, commandOf(control, rollout), by, ports, invocation);
}

/** A person who denies too late hears who decided, even if that was a denial too. */
function checkUndecided({ rolloutId, approval }: Rollout): void {
  if (approval === null || approval.state === 'waiting') return;
  const why = decisionOf(approval);
  throw new LatchkeyError('conflict', `Cannot deny rollout "${rolloutId}": ${why}`);
}

function commandOf({ order, person, command }: Control, { planDigest }: Rollout): Command {
  if (command.kind !== 'approve') return { kind: command.kind };
  const approver = { person: person.id, place: order.replyTo.place };
  // A person who types names the plan by the beginning of its digest.
  const isThisPlan = planDigest.startsWith(command.planDigest);
  return { kind: command.kind, planDigest: isThisPlan ? planDigest : command.planDigest, approver };
}
