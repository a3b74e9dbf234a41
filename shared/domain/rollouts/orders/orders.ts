import { doneCard, refusedCard } from '../../chat/cards/answer-cards.ts';
import type { Card } from '../../model/card.ts';
import type { Invocation } from '../carry-out.ts';
import { now, type OutMessage } from '../../model/messages.ts';
import type { Order } from '../../model/order.ts';
import { LatchkeyError } from '../../model/errors.ts';
import { actionFor, MAX_ORDER_AGE_MS } from '../../chat/orders.ts';
import { personWith } from '../../policy/people.ts';
import { permit } from '../../policy/permit.ts';
import type { Person } from '../../model/policy.ts';
import type { Queue } from '../../model/ports.ts';
import { beginOrder } from './order-begin.ts';
import { tellOrder } from './order-tell.ts';
import { ageOf, type OrderPorts } from './order.ts';

/** What one order takes, with all its calls: our own choice. It is not begun when there is less time. */
const ORDER_MS = 30_000;
/** What there was no time for is taken up by another invocation: our own choice. */
const NOT_BEGUN_SECONDS = 1;
/** When what the cloud or the store did not let happen is tried again: our own choice. */
const AGAIN_SECONDS = 15;

/**
 * Carries one order out as the person who gave it, and answers it. It may be delivered any number of
 * times: it is done once.
 *
 * @throws {LatchkeyError} when a queue did not take the answer, or the order that has to come again
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
    if (traits.fault === 'cloud' && ageOf(order, ports) <= MAX_ORDER_AGE_MS) {
      log('warn', 'order-comes-again', { ...about, error });
      return send(queue, later(order, AGAIN_SECONDS));
    }
    log(traits.fault === 'asker' ? 'info' : 'error', 'order-refused', { ...about, code });
    card = refusedCard(error, order.text);
  }
  // The line itself was answered under the order's own id: that it was understood.
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

/** @throws {LatchkeyError} when it is refused, or cannot be done now */
async function cardFor(order: Order, ports: OrderPorts, invocation: Invocation): Promise<Card> {
  const given = { order, person: personOf(order, ports) };
  const { command } = order;
  switch (command.kind) {
    case 'ask':
    case 'undo':
      return beginOrder({ ...given, command }, ports, invocation);
    case 'approve':
    case 'deny':
    case 'pause':
    case 'resume':
    case 'abort': {
      const after = await tellOrder({ ...given, command }, ports, invocation);
      return doneCard(after, order.text, ports.clock.nowMs());
    }
  }
}

/** Who has the account now, and still may. @throws {LatchkeyError} `forbidden` */
function personOf({ account, personId, command }: Order, { policy }: OrderPorts): Person {
  const person = personWith(account, policy.people);
  const action = actionFor(command);
  if (person === undefined || person.id !== personId) {
    const why = 'the policy knows this account as another person now, or as nobody';
    throw new LatchkeyError('forbidden', `Cannot ${action ?? command.kind}: ${why}`);
  }
  if (action !== null) permit(person.rule, action, 'person');
  return person;
}
