import { doneCard } from '../../chat/cards/answer-cards.ts';
import { planCard } from '../../chat/cards/plan-card.ts';
import type { Card } from '../../model/card.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { Origin, RolloutRequest } from '../../model/request.ts';
import { hexOf } from '../../../lib/hex.ts';
import { ask } from '../ask.ts';
import type { Invocation } from '../carry-out.ts';
import { rolloutIdOf } from '../rollout-id.ts';
import { undo } from '../undo.ts';
import { checkAge, type OrderPorts, type PersonOrder } from './person-order.ts';

/**
 * Carries out an order to plan, begin or undo a rollout.
 *
 * @throws {LatchkeyError} as `ask` and `undo`; `conflict` for an order that is too old
 */
export async function beginRollout(
  personOrder: PersonOrder<'ask' | 'undo'>,
  ports: OrderPorts,
  invocation: Invocation,
): Promise<Card> {
  const { order, person, command } = personOrder;
  const origin = originOf(personOrder, ports);
  const client = person.rule;
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
  switch (answer.kind) {
    case 'dry-run':
      return planCard(answer, nowMs, { allowDetach: ports.policy.allowDetach });
    case 'rollout':
      return doneCard(answer.rollout, order.text, nowMs);
  }
}

function originOf(
  { order: { id, text, account, replyTo }, person }: PersonOrder<'ask' | 'undo'>,
  { sha256 }: OrderPorts,
): Origin {
  return {
    door: 'chat',
    client: person.id,
    idempotencyKey: id,
    bodyDigest: hexOf(sha256(text)),
    chat: { account, place: replyTo.place },
  };
}

/** @throws {LatchkeyError} `not-valid` */
function checkRegion(request: RolloutRequest, { regionId }: OrderPorts): void {
  if (request.regionId === regionId) return;
  const detail = `must be "${regionId}", the region of this deployment`;
  throw new LatchkeyError('not-valid', `Cannot begin a rollout in "${request.regionId}"`, {
    faults: [{ path: ['regionId'], detail }],
  });
}
