import { doneCard } from '../../chat/cards/answer-cards.ts';
import { planCard } from '../../chat/cards/plan-card.ts';
import { MAX_ORDER_AGE_MS } from '../../chat/orders.ts';
import type { Card } from '../../model/card.ts';
import type { Command } from '../../model/command.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { Order, OrderCommand } from '../../model/order.ts';
import type { Person, Policy } from '../../model/policy.ts';
import type { Clock, Queue } from '../../model/ports.ts';
import type { Origin, RolloutRequest } from '../../model/request.ts';
import type { Rollout } from '../../model/rollout.ts';
import { ask } from '../ask.ts';
import { carryOutCommand, type CommandPorts } from '../carry-out-command.ts';
import type { Invocation } from '../carry-out.ts';
import { rolloutIdOf } from '../rollout-id.ts';
import { undo } from '../undo.ts';
import { decisionOf } from '../../workflow/approval.ts';
import { hexOf } from '../../../lib/hex.ts';

export interface OrderPorts extends CommandPorts {
  readonly policy: CommandPorts['policy'] & Pick<Policy, 'allowDetach'>;
  readonly regionId: string;
  /** Takes the answers. */
  readonly chatQueue: Queue;
}

/** An order with its person, by the policy of now. */
export interface PersonOrder<K extends OrderCommand['kind']> {
  readonly order: Order;
  readonly person: Person;
  readonly command: OrderCommand & { readonly kind: K };
}

export function isTooOld({ atMs }: Order, { clock }: { readonly clock: Clock }): boolean {
  return clock.nowMs() - atMs > MAX_ORDER_AGE_MS;
}

/** @throws {LatchkeyError} `conflict` for an order that is too old to be carried out */
export function checkAge(order: Order, ports: { readonly clock: Clock }): void {
  if (!isTooOld(order, ports)) return;
  const why = `it could not be done within ${MAX_ORDER_AGE_MS / 60_000} minutes, say it again`;
  throw new LatchkeyError('conflict', `Cannot do what was asked: ${why}`);
}

/**
 * Carries out an order to plan, begin or undo a rollout.
 *
 * @throws {LatchkeyError} as `ask` and `undo`; `conflict` for an order that is too old
 */
export async function beginRollout(
  { order, person, command }: PersonOrder<'ask' | 'undo'>,
  ports: OrderPorts,
  invocation: Invocation,
): Promise<Card> {
  const { id, text, account, replyTo } = order;
  const client = person.rule;
  const origin: Origin = {
    door: 'chat',
    client: person.id,
    idempotencyKey: id,
    bodyDigest: hexOf(ports.sha256(text)),
    chat: { account, place: replyTo.place },
  };
  // A rollout that has begun is reported, however old the order is.
  const earlier = await ports.rollouts.load(rolloutIdOf(origin, ports.sha256));
  if (earlier === undefined) checkAge(order, ports);
  if (command.kind === 'ask') checkRegion(command.request, ports);
  const answer =
    command.kind === 'ask'
      ? await ask(command.request, origin, ports, invocation, { client })
      : await undo(
          command.rolloutId,
          origin,
          { dryRun: command.dryRun, breakGlass: null, client },
          ports,
          invocation,
        );
  const nowMs = ports.clock.nowMs();
  if (answer.kind === 'rollout') return doneCard(answer.rollout, text, nowMs);
  return planCard(answer, nowMs, { allowDetach: ports.policy.allowDetach });
}

/** @throws {LatchkeyError} `not-valid` */
function checkRegion(request: RolloutRequest, { regionId }: OrderPorts): void {
  if (request.regionId === regionId) return;
  const detail = `must be "${regionId}", the region of this deployment`;
  throw new LatchkeyError('not-valid', `Cannot begin a rollout in "${request.regionId}"`, {
    faults: [{ path: ['regionId'], detail }],
  });
}

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
