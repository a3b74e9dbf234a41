import type { CloudClock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/faults.ts';
import type { DeadLetterPolicy, QueueAttributes } from './attributes.ts';
import { smqError } from './errors.ts';
import {
  type DeadLetterOrigin,
  looksLikeHandle,
  md5Of,
  type NewMessage,
  newMessageId,
  type QueueMessage,
  type StoredMessage,
} from './message.ts';
import { Shelf } from './shelf.ts';

/** How long a reordered message waits for another one to overtake it. Our own choice. */
export const REORDER_HOLD_MS = 5_000;

export interface QueueParts {
  readonly name: string;
  readonly attributes: QueueAttributes;
  readonly deadLetter: DeadLetterPolicy | undefined;
  readonly clock: CloudClock;
  /** The faults that strike one delivery. */
  readonly strike: () => readonly Fault[];
  /** Accepts a dead letter; false when its queue does not exist. */
  readonly bury: (message: StoredMessage, policy: DeadLetterPolicy) => boolean;
  /** Called whenever a message becomes active. */
  readonly onActive: () => void;
}

/**
 * One queue with delivery at least once, as the real one: a message that is not deleted is received again.
 * Messages are ordered by priority, then by age; the real queue promises neither.
 */
export class Queue {
  readonly name: string;
  readonly createdAtMs: number;
  readonly deadLetter: DeadLetterPolicy | undefined;
  attributes: QueueAttributes;
  modifiedAtMs: number;
  readonly #parts: QueueParts;
  readonly #shelf: Shelf;
  /** Copies made by a fault. They are not copied again, so that a fault on every delivery ends. */
  readonly #copies = new WeakSet<StoredMessage>();
  /** Reordered messages. Each waits for another one to overtake it. */
  readonly #held = new Set<StoredMessage>();

  constructor(parts: QueueParts) {
    this.#parts = parts;
    this.name = parts.name;
    this.attributes = parts.attributes;
    this.deadLetter = parts.deadLetter;
    this.createdAtMs = parts.clock.nowMs();
    this.modifiedAtMs = this.createdAtMs;
    const retentionMs = () => this.attributes.MessageRetentionPeriod * 1_000;
    this.#shelf = new Shelf(parts.clock, retentionMs, parts.onActive);
  }

  /** Adds all messages, and only then calls the listeners. A delayed message has a receipt handle. */
  add(messages: readonly NewMessage[]): StoredMessage[] {
    const enqueuedAtMs = this.#parts.clock.nowMs();
    const added = messages.map(({ body, priority, delayMs, requestId }) => {
      const messageId = newMessageId();
      const bodyMd5 = md5Of(body);
      const content = { messageId, body, bodyMd5, priority, requestId, enqueuedAtMs };
      return this.#shelf.put(content, delayMs);
    });
    if (added.some(({ state }) => state === 'active')) this.#parts.onActive();
    return added;
  }

  /** A dead letter gets a new id. Its age counts from its arrival in the first queue. */
  addDeadLetter(message: StoredMessage, origin: DeadLetterOrigin): void {
    this.#shelf.put({ ...message, messageId: newMessageId(), origin }, 0);
    this.#parts.onActive();
  }

  /**
   * Receives up to `max` active messages and hides them.
   *
   * @param hiddenMs how long; by default the queue's visibility timeout
   */
  take(max: number, hiddenMs = this.attributes.VisibilityTimeout * 1_000): QueueMessage[] {
    if (this.#shelf.next('first') === undefined) return [];
    const { order, copies } = this.#strike(max);
    const taken: StoredMessage[] = [];
    const deliveries: QueueMessage[] = [];
    while (taken.length < max) {
      const message = this.#shelf.next(order);
      if (message === undefined) break;
      if (this.#buried(message)) continue;
      deliveries.push(this.#deliver(message, hiddenMs));
      taken.push(message);
    }
    if (taken.length === 0) return [];
    const originals = taken.filter((message) => !this.#copies.has(message));
    for (let copy = 1; copy < copies; copy++) {
      for (const message of originals) this.#copies.add(this.#shelf.put(message, 0));
    }
    const overtaken = [...this.#held].filter((message) => this.#shelf.has(message));
    this.#held.clear();
    for (const message of overtaken) this.#shelf.show(message);
    if (overtaken.length > 0 || copies > 1) this.#parts.onActive();
    return deliveries;
  }

  /** Up to `max` active messages, without changing them. */
  peek(max: number): readonly StoredMessage[] {
    return this.#shelf.active(max);
  }

  /** @throws {SmqError} ReceiptHandleError or MessageNotExist */
  remove(handle: string): void {
    this.#shelf.drop(this.#byReceipt(handle));
  }

  /**
   * Hides a message for a new time, counted from now.
   *
   * @returns the new handle; the old one is void
   * @throws {SmqError} ReceiptHandleError or MessageNotExist
   */
  changeVisibility(handle: string, hiddenMs: number): { handle: string; visibleAtMs: number } {
    const message = this.#byReceipt(handle);
    const state = message.state === 'delayed' ? 'delayed' : 'inactive';
    return {
      handle: this.#shelf.hide(message, state, hiddenMs),
      visibleAtMs: message.visibleAtMs,
    };
  }

  /** Makes a received message active at once. Does nothing when the handle is no longer valid. */
  giveBack(handle: string): void {
    const message = this.#shelf.byHandle(handle);
    if (message === undefined) return;
    this.#shelf.show(message);
    this.#parts.onActive();
  }

  counts(): { active: number; inactive: number; delayed: number } {
    const counts = { active: 0, inactive: 0, delayed: 0 };
    for (const { state } of this.#shelf.all()) counts[state] += 1;
    return counts;
  }

  /** Every message, in the order of arrival. */
  list(): readonly StoredMessage[] {
    return this.#shelf.all();
  }

  /** Ends the queue's timer. */
  stop(): void {
    this.#shelf.stop();
  }

  /** Applies the faults of this delivery and returns how to continue. */
  #strike(max: number): { order: 'first' | 'last'; copies: number } {
    let order: 'first' | 'last' = 'first';
    let copies = 1;
    for (const fault of this.#parts.strike()) {
      if (fault.kind === 'duplicate') copies = fault.copies ?? 2;
      if (fault.kind === 'delay') {
        for (const message of this.peek(max)) this.#shelf.hide(message, 'delayed', fault.delayMs);
      }
      if (fault.kind === 'reorder') {
        const [first, ...others] = this.peek(2);
        if (others.length > 0) order = 'last';
        else if (first !== undefined) {
          this.#shelf.hide(first, 'delayed', REORDER_HOLD_MS);
          this.#held.add(first);
        }
      }
    }
    return { order, copies };
  }

  #deliver(message: StoredMessage, hiddenMs: number): QueueMessage {
    const firstDequeuedAtMs = message.firstDequeuedAtMs ?? this.#parts.clock.nowMs();
    message.firstDequeuedAtMs = firstDequeuedAtMs;
    message.dequeueCount += 1;
    const handle = this.#shelf.hide(message, 'inactive', hiddenMs);
    const { messageId, body, bodyMd5, enqueuedAtMs, dequeueCount, priority, requestId } = message;
    return {
      messageId,
      body,
      bodyMd5,
      receiptHandle: handle,
      enqueuedAtMs,
      firstDequeuedAtMs,
      nextVisibleAtMs: message.visibleAtMs,
      dequeueCount,
      priority,
      requestId,
    };
  }

  /** Moves the message to the dead-letter queue when this receipt would exceed `maxReceiveCount`. */
  #buried(message: StoredMessage): boolean {
    const policy = this.deadLetter;
    if (policy === undefined || message.dequeueCount < policy.maxReceiveCount) return false;
    if (!this.#parts.bury(message, policy)) return false;
    this.#shelf.drop(message);
    return true;
  }

  #byReceipt(handle: string): StoredMessage {
    const message = this.#shelf.byHandle(handle);
    if (message !== undefined) return message;
    throw smqError(looksLikeHandle(handle) ? 'MessageNotExist' : 'ReceiptHandleError');
  }
}
