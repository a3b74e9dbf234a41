import { MAX_ORDER_AGE_MS } from '../../chat/orders.ts';
import { LatchkeyError } from '../../model/errors.ts';
import type { Order, OrderCommand } from '../../model/order.ts';
import type { Person, Policy } from '../../model/policy.ts';
import type { Clock, Queue } from '../../model/ports.ts';
import type { CommandPorts } from '../carry-out-command.ts';

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
