import { doneCard, refusedCard } from '../../chat/cards/answer-cards.ts';
import { actionFor } from '../../chat/orders.ts';
import type { Card } from '../../model/card.ts';
import { LatchkeyError } from '../../model/errors.ts';
import { now, type OutMessage } from '../../model/messages.ts';
import type { Order } from '../../model/order.ts';
import type { Person } from '../../model/policy.ts';
import type { Queue } from '../../model/ports.ts';
import { personWith } from '../../policy/people.ts';
import { permit } from '../../policy/permit.ts';
import type { Invocation } from '../carry-out.ts';
import { beginRollout, controlRollout, isTooOld, type OrderPorts } from './person-order.ts';

/** The time of one order with all its calls: our own choice. With less time left, it is not begun. */
const ORDER_MS = 30_000;

/** When another invocation takes an order for which there was no time: our own choice. */
const NOT_BEGUN_SECONDS = 1;

/** When an order is tried again after a failure of the cloud or the store: our own choice. */
const RETRY_SECONDS = 15;

/**
 * Carries out one order as the person who gave it, and answers it. A repeated delivery is carried out once.
 *
 * @throws {LatchkeyError} when a queue did not take the answer, or the order for the next try
 */
export async function carryOutOrder(
  order: Order,
  ports: OrderPorts,
  invocation: Invocation,
): Promise<void> {
  const { clock, log, queue } = ports;
  const about = { orderId: order.id, personId: order.personId, command: order.command.kind };
  if (clock.nowMs() + ORDER_MS > invocation.deadlineMs) {
    return send(queue, later(order, NOT_BEGUN_SECONDS));
  }
  let card: Card;
  try {
    card = await cardFor(order, ports, invocation);
    log('info', 'order-done', about);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const { code, traits } = error;
    if (traits.fault === 'cloud' && !isTooOld(order, ports)) {
      log('warn', 'order-comes-again', { ...about, error });
      return send(queue, later(order, RETRY_SECONDS));
    }
    log(traits.fault === 'asker' ? 'info' : 'error', 'order-refused', { ...about, code });
    card = refusedCard(error, order.text);
  }
  // Another id than the order's: under that one `chat` has answered that it understood the order.
  const id = `${order.id} carried out`;
  const reply = { id, to: order.replyTo, card, attempt: 1 };
  await send(ports.chatQueue, now({ kind: 'reply', reply }));
}

function later(order: Order, delaySeconds: number): OutMessage {
  return { message: { kind: 'order', order }, delaySeconds };
}

async function send(queue: Queue, message: OutMessage): Promise<void> {
  const [error] = await queue.send([message]);
  if (error !== undefined) throw error;
}

/** @throws {LatchkeyError} when the order is refused, or cannot be carried out now */
async function cardFor(order: Order, ports: OrderPorts, invocation: Invocation): Promise<Card> {
  const person = personOf(order, ports);
  const { command } = order;
  if (command.kind === 'ask' || command.kind === 'undo') {
    return beginRollout({ order, person, command }, ports, invocation);
  }
  const after = await controlRollout({ order, person, command }, ports, invocation);
  return doneCard(after, order.text, ports.clock.nowMs());
}

/** The person behind the account by the policy of now. @throws {LatchkeyError} `forbidden` */
function personOf({ account, personId, command }: Order, { policy }: OrderPorts): Person {
  const person = personWith(account, policy.people);
  const action = actionFor(command);
  if (person === undefined || person.id !== personId) {
    const why = 'the policy no longer gives this account to the person who ordered it';
    throw new LatchkeyError('forbidden', `Cannot ${action ?? command.kind}: ${why}`);
  }
  if (action !== null) permit(person.rule, action, 'person');
  return person;
}
