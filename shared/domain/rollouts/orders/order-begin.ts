import { ask } from '../ask.ts';
import { doneCard } from '../../chat/cards/answer-cards.ts';
import { planCard } from '../../chat/cards/plan-card.ts';
import type { Card } from '../../model/card.ts';
import type { Invocation } from '../carry-out.ts';
import type { Order, OrderCommand } from '../../model/order.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { Person } from '../../model/policy.ts';
import type { Origin } from '../../model/request.ts';
import { rolloutIdOf } from '../rollout-id.ts';
import { undo } from '../undo.ts';
import { checkAge, type Given, type OrderPorts } from './order.ts';

type Begin = Given & { readonly command: OrderCommand & { readonly kind: 'ask' | 'undo' } };

/**
 * Plans, begins or takes back a rollout.
 *
 * @throws {LatchkeyError} as `ask` and `undo`; `conflict` for what is too old to be begun
 */
export async function beginOrder(
  { order, person, command }: Begin,
  ports: OrderPorts,
  invocation: Invocation,
): Promise<Card> {
  const origin = originOf(order, person, ports);
  const client = person.rule;
  // What has begun is told, however late.
  const earlier = await ports.rollouts.load(rolloutIdOf(origin, ports.sha256));
  if (earlier === undefined) checkAge(order, ports);
  const answer =
    command.kind === 'ask'
      ? await ask(inRegion(command, ports), origin, ports, invocation, { client })
      : await undo(command.rolloutId, origin, undoOptions(command, person), ports, invocation);
  const nowMs = ports.clock.nowMs();
  switch (answer.kind) {
    case 'dry-run':
      return planCard(answer, nowMs, { allowDetach: ports.policy.allowDetach });
    case 'rollout':
      return doneCard(answer.rollout, order.text, nowMs);
  }
}

function originOf(order: Order, person: Person, { sha256 }: OrderPorts): Origin {
  const { id, text, account, replyTo } = order;
  return {
    door: 'chat',
    client: person.id,
    idempotencyKey: id,
    bodyDigest: Buffer.from(sha256(text)).toString('hex'),
    chat: { account, place: replyTo.place },
  };
}

function inRegion(
  { request }: OrderCommand & { readonly kind: 'ask' },
  { regionId }: OrderPorts,
): typeof request {
  if (request.regionId === regionId) return request;
  const detail = `must be "${regionId}", the region of this deployment`;
  throw new LatchkeyError('not-valid', `Cannot begin a rollout in "${request.regionId}"`, {
    faults: [{ path: ['regionId'], detail }],
  });
}

function undoOptions(
  { dryRun }: OrderCommand & { readonly kind: 'undo' },
  { rule }: Person,
): Parameters<typeof undo>[2] {
  return { dryRun, breakGlass: null, client: rule };
}
