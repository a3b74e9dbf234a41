import type { Cancel } from '../kernel/clock.ts';
import type { Kernel } from '../kernel/kernel.ts';
import {
  attributesWith,
  checkQueueName,
  type DeadLetterPolicy,
  type QueueAttributes,
} from './attributes.ts';
import { smqError } from './errors.ts';
import { Queue } from './queue.ts';

/** All queues of the account, and the listeners for new messages. */
export class Queues {
  readonly #kernel: Kernel;
  readonly #queues = new Map<string, Queue>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  find(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** @throws {SmqError} QueueNotExist */
  get(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw smqError('QueueNotExist');
    return queue;
  }

  /**
   * @throws {SmqError} for a name or a value that SMQ refuses, and for a queue that would be its own
   * dead-letter queue
   */
  create(
    name: string,
    given: Partial<QueueAttributes>,
    deadLetter: DeadLetterPolicy | undefined,
  ): Queue {
    checkQueueName(name);
    if (deadLetter?.queueName === name) throw smqError('InvalidQueueName');
    const queue = new Queue({
      name,
      attributes: attributesWith(given),
      deadLetter,
      clock: this.#kernel.clock,
      strike: () => this.#kernel.faults.strike('smq', 'Deliver', undefined),
      bury: (message, policy) => {
        const target = this.#queues.get(policy.queueName);
        target?.addDeadLetter(message, { queueName: name, messageId: message.messageId });
        return target !== undefined;
      },
      onActive: () => this.#tell(name),
    });
    this.#queues.set(name, queue);
    return queue;
  }

  /** @throws {SmqError} QueueNotExist */
  delete(name: string): void {
    this.get(name).stop();
    this.#queues.delete(name);
    // Wakes the waiting receivers: no message will come.
    this.#tell(name);
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  /** Calls `listener` when a message becomes active, and when the queue is deleted. The queue need not exist yet. */
  onActive(name: string, listener: () => void): Cancel {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    // A wrapper, so that one function may listen twice.
    const entry = () => listener();
    listeners.add(entry);
    return () => listeners.delete(entry);
  }

  #tell(name: string): void {
    // A copy, because listeners may be added meanwhile. They are called for the next message.
    for (const listener of Array.from(this.#listeners.get(name) ?? [])) listener();
  }
}
