import { decisionOf } from '../../workflow/approval.ts';
import type { Invocation } from '../carry-out.ts';
import type { OrderCommand } from '../../model/order.ts';
import type { Command } from '../../model/command.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { Rollout } from '../../model/rollout.ts';
import { tellOnce } from '../tell-once.ts';
import { checkAge, type Given, type OrderPorts } from './order.ts';

type Told = Given & {
  readonly command: Exclude<OrderCommand, { readonly kind: 'ask' | 'undo' }>;
};

/**
 * Tells a rollout what the person wants of it.
 *
 * @throws {LatchkeyError} as `tellOnce`; `not-found`; `conflict` for what is too old, or decided already
 */
export async function tellOrder(
  { order, person, command }: Told,
  ports: OrderPorts,
  invocation: Invocation,
): Promise<Rollout> {
  const { kind, rolloutId } = command;
  const by = `${person.id} ${order.id}`;
  const rollout = await ports.rollouts.load(rolloutId);
  if (rollout === undefined) {
    throw new LatchkeyError('not-found', `Cannot ${kind} rollout "${rolloutId}": no such rollout`);
  }
  if (!rollout.history.some((entry) => entry.by === by)) {
    checkAge(order, ports);
    checkUndecided(rollout, kind);
  }
  const wanted = commandOf({ order, person, command }, rollout);
  return tellOnce(rollout, wanted, by, ports, invocation);
}

/** Whoever comes later is told who decided, also when they wanted the same. */
function checkUndecided({ rolloutId, approval }: Rollout, kind: Told['command']['kind']): void {
  if (kind !== 'deny' || approval === null || approval.state === 'waiting') return;
  const why = decisionOf(approval);
  throw new LatchkeyError('conflict', `Cannot deny rollout "${rolloutId}": ${why}`);
}

function commandOf({ order, person, command }: Told, { planDigest }: Rollout): Command {
  if (command.kind !== 'approve') return { kind: command.kind };
  const approver = { person: person.id, place: order.replyTo.place };
  // Whoever types names the plan by the beginning of its digest.
  const isMeant = planDigest.startsWith(command.planDigest);
  return { kind: command.kind, planDigest: isMeant ? planDigest : command.planDigest, approver };
}
