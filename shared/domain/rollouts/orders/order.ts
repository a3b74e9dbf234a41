import type { Order } from '../../model/order.ts';
import { LatchkeyError } from '../../model/errors.ts';
import { MAX_ORDER_AGE_MS } from '../../chat/orders.ts';
import type { Person, Policy } from '../../model/policy.ts';
import type { Clock, Queue } from '../../model/ports.ts';
import type { TellPorts } from '../tell-once.ts';

export interface OrderPorts extends TellPorts {
  readonly policy: TellPorts['policy'] & Pick<Policy, 'allowDetach'>;
  readonly regionId: string;
  /** Where answers go. */
  readonly chatQueue: Queue;
}

/** An order, and whose it is by the policy of now. */
export interface Given {
  readonly order: Order;
  readonly person: Person;
}

export function ageOf({ atMs }: Order, { clock }: { readonly clock: Clock }): number {
  return clock.nowMs() - atMs;
}

/** @throws {LatchkeyError} `conflict` for an order that nobody waits for any more */
export function checkAge(order: Order, ports: { readonly clock: Clock }): void {
  const ageMs = ageOf(order, ports);
  if (ageMs <= MAX_ORDER_AGE_MS) return;
  const why = `it could not be done within ${MAX_ORDER_AGE_MS / 60_000} minutes, say it again`;
  throw new LatchkeyError('conflict', `Cannot do what was asked: ${why}`);
}
