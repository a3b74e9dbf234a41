import type { Cancel } from '../kernel/clock.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import { attributesWith, type DeadLetterPolicy, type QueueAttributes } from './attributes.ts';
import { outOfRange, SmqError } from './errors.ts';
import { DEFAULT_PRIORITY, RANGES } from './limits.ts';
import type { QueueMessage } from './message.ts';
import type { Queue } from './queue.ts';
import { Queues } from './queues.ts';
import { newRequestId, smqService } from './service.ts';

export type { QueueMessage } from './message.ts';
export { SmqError } from './errors.ts';

/** The attributes of a new queue under the vendor's names, and its dead-letter policy. */
export interface NewQueueAttributes extends Partial<QueueAttributes> {
  readonly deadLetter?: DeadLetterPolicy;
}

/** Emulated Simple Message Queue (formerly MNS). */
export interface Smq {
  readonly service: Service;
  /** Per queue: attributes, counts, messages. Plain JSON. */
  state(): Record<string, unknown>;

  // For the other services of the cloud: the same queues, without HTTP.

  /**
   * Does nothing when the queue exists. This is the only way to set a dead-letter policy.
   *
   * @throws {SmqError} for a name or a value that SMQ refuses
   */
  createQueue(name: string, attributes?: NewQueueAttributes): void;
  hasQueue(name: string): boolean;
  /** @throws {SmqError} for an unknown queue, a body or a delay that SMQ refuses */
  send(queueName: string, body: string, delaySeconds?: number): { messageId: string };
  /**
   * Up to `max` visible messages. It counts receptions and dead-letters as the API does.
   *
   * @param hiddenMs instead of the queue's visibility timeout
   * @throws {SmqError} for an unknown queue
   */
  receive(queueName: string, max: number, hiddenMs?: number): QueueMessage[];
  /** False when the handle is no longer valid, or the queue is gone. */
  delete(queueName: string, receiptHandle: string): boolean;
  /** Hides a received message for `hiddenMs` from now; the new handle, or undefined as `delete`. */
  extend(queueName: string, receiptHandle: string, hiddenMs: number): string | undefined;
  /** Makes a received message visible at once, if the handle is still valid. */
  giveBack(queueName: string, receiptHandle: string): void;
  /** `listener` is called synchronously whenever a message becomes visible. The queue need not exist yet. */
  onVisible(queueName: string, listener: () => void): Cancel;
}

export function createSmq(kernel: Kernel): Smq {
  const queues = new Queues(kernel);
  return {
    service: smqService(kernel, queues),
    state: () => Object.fromEntries(queues.all().map((queue) => [queue.name, stateOf(queue)])),
    createQueue(name, { deadLetter, ...attributes } = {}) {
      if (queues.find(name) === undefined) queues.create(name, attributes, deadLetter);
    },
    hasQueue: (name) => queues.find(name) !== undefined,
    send(queueName, body, delaySeconds) {
      const queue = queues.get(queueName);
      const attributes = attributesWith(
        delaySeconds === undefined ? {} : { DelaySeconds: delaySeconds },
        queue.attributes,
      );
      const size = { low: 1, high: attributes.MaximumMessageSize };
      const bytes = Buffer.byteLength(body);
      if (bytes < size.low || bytes > size.high) throw outOfRange('MessageBody', size);
      const delayMs = attributes.DelaySeconds * 1_000;
      const requestId = newRequestId(kernel);
      const [sent] = queue.add([{ body, delayMs, priority: DEFAULT_PRIORITY, requestId }]);
      return { messageId: sent!.messageId };
    },
    receive: (queueName, max, hiddenMs) => queues.get(queueName).take(max, hiddenMs),
    delete: (queueName, receiptHandle) =>
      attempt(() => {
        queues.get(queueName).remove(receiptHandle);
        return true;
      }) ?? false,
    extend: (queueName, receiptHandle, hiddenMs) =>
      attempt(() => queues.get(queueName).changeVisibility(receiptHandle, hiddenMs).handle),
    giveBack(queueName, receiptHandle) {
      queues.find(queueName)?.giveBack(receiptHandle);
    },
    onVisible: (queueName, listener) => queues.onActive(queueName, listener),
  };
}

/** Longest time that a message can be hidden: https://help.aliyun.com/document_detail/128343.html */
export const MAX_HIDDEN_MS = RANGES.VisibilityTimeout.high * 1_000;

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (error instanceof SmqError) return undefined;
    throw error;
  }
}

function stateOf(queue: Queue): unknown {
  return {
    attributes: queue.attributes,
    ...(queue.deadLetter && { deadLetter: queue.deadLetter }),
    ...queue.counts(),
    messages: queue.list().map(({ messageId, body, state, dequeueCount, visibleAtMs, origin }) => ({
      messageId,
      body,
      state,
      dequeueCount,
      visibleAtMs,
      ...(origin && { origin }),
    })),
  };
}
