import type { Cancel, CloudClock } from '../kernel/clock.ts';
import { DueHeap } from './due-heap.ts';
import { RANGES } from './limits.ts';
import { type MessageContent, receiptHandle, type StoredMessage } from './message.ts';

/**
 * The messages of one queue: the active ones in the order of reception, the hidden ones by the time they become
 * visible, and the valid receipt handles.
 */
export class Shelf {
  readonly #clock: CloudClock;
  readonly #retentionMs: () => number;
  readonly #onActive: () => void;
  readonly #messages = new Map<number, StoredMessage>();
  /** By priority. */
  readonly #active: readonly Map<number, StoredMessage>[];
  /** Keys, not messages, because an entry can outlive its message by up to 12 hours. */
  readonly #hidden = new DueHeap<number>();
  readonly #byHandle = new Map<string, StoredMessage>();
  #serial = 0;
  #timer: { readonly atMs: number; readonly cancel: Cancel } | undefined;
  /** A lower bound of the oldest message's time. */
  #oldestMs = Infinity;
  /** A message became active since `onActive` was called. */
  #unannounced = false;

  /** @param onActive called when the time of hidden messages is over and they have become active */
  constructor(clock: CloudClock, retentionMs: () => number, onActive: () => void) {
    this.#clock = clock;
    this.#retentionMs = retentionMs;
    this.#onActive = onActive;
    this.#active = Array.from({ length: RANGES.Priority.high + 1 }, () => new Map());
  }

  put(content: MessageContent, delayMs: number): StoredMessage {
    const { messageId, body, bodyMd5, priority, requestId, enqueuedAtMs, origin } = content;
    const message: StoredMessage = {
      messageId,
      body,
      bodyMd5,
      priority,
      requestId,
      enqueuedAtMs,
      ...(origin && { origin }),
      key: this.#serial++,
      dequeueCount: 0,
      state: 'active',
      visibleAtMs: this.#clock.nowMs(),
    };
    this.#messages.set(message.key, message);
    this.#oldestMs = Math.min(this.#oldestMs, enqueuedAtMs);
    if (delayMs > 0) this.hide(message, 'delayed', delayMs);
    else this.show(message);
    return message;
  }

  /** Hides a message from now on and gives it a new receipt handle. */
  hide(message: StoredMessage, state: 'inactive' | 'delayed', hiddenMs: number): string {
    const nowMs = this.#clock.nowMs();
    this.#active[message.priority]!.delete(message.key);
    this.#voidHandle(message);
    const handle = receiptHandle(message.key, nowMs, this.#serial++);
    message.state = state;
    message.visibleAtMs = nowMs + hiddenMs;
    message.handle = handle;
    this.#byHandle.set(handle, message);
    this.#hidden.push(message.visibleAtMs, message.key);
    this.#arm();
    return handle;
  }

  show(message: StoredMessage): void {
    this.#voidHandle(message);
    message.state = 'active';
    this.#active[message.priority]!.set(message.key, message);
  }

  drop(message: StoredMessage): void {
    this.#voidHandle(message);
    this.#active[message.priority]!.delete(message.key);
    this.#messages.delete(message.key);
  }

  has(message: StoredMessage): boolean {
    return this.#messages.has(message.key);
  }

  /** The message of a valid handle. */
  byHandle(handle: string): StoredMessage | undefined {
    this.settle();
    return this.#byHandle.get(handle);
  }

  /** The first or the last active message in the order of reception. */
  next(order: 'first' | 'last'): StoredMessage | undefined {
    this.settle();
    if (order === 'last') return this.active(Infinity).at(-1);
    for (const level of this.#active) for (const message of level.values()) return message;
    return undefined;
  }

  /** Up to `max` active messages, in the order of reception. */
  active(max: number): StoredMessage[] {
    this.settle();
    const found: StoredMessage[] = [];
    for (const level of this.#active) {
      for (const message of level.values()) {
        if (found.length >= max) return found;
        found.push(message);
      }
    }
    return found;
  }

  /** Every message, in the order of arrival. */
  all(): StoredMessage[] {
    this.settle();
    return [...this.#messages.values()];
  }

  /** Moves due messages to the active ones and drops expired messages. */
  settle(): void {
    const nowMs = this.#clock.nowMs();
    for (;;) {
      const due = this.#hidden.popDue(nowMs);
      if (due === undefined) break;
      const message = this.#messages.get(due.value);
      // Deleted, shown or hidden again since this entry was made.
      if (message === undefined || message.state === 'active') continue;
      if (message.visibleAtMs !== due.atMs) continue;
      this.show(message);
      this.#unannounced = true;
    }
    this.#expire(nowMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #voidHandle(message: StoredMessage): void {
    if (message.handle === undefined) return;
    this.#byHandle.delete(message.handle);
    delete message.handle;
  }

  #expire(nowMs: number): void {
    const bornAfterMs = nowMs - this.#retentionMs();
    if (this.#oldestMs > bornAfterMs) return;
    this.#oldestMs = Infinity;
    for (const message of this.#messages.values()) {
      if (message.enqueuedAtMs <= bornAfterMs) this.drop(message);
      else this.#oldestMs = Math.min(this.#oldestMs, message.enqueuedAtMs);
    }
  }

  /** Sets the one timer of the shelf to the earliest due time. */
  #arm(): void {
    const atMs = this.#hidden.firstMs();
    if (atMs === undefined || (this.#timer !== undefined && this.#timer.atMs <= atMs)) return;
    this.#timer?.cancel();
    const run = () => {
      this.#timer = undefined;
      this.settle();
      this.#arm();
      if (!this.#unannounced) return;
      this.#unannounced = false;
      this.#onActive();
    };
    const cancel = this.#clock.after(atMs - this.#clock.nowMs(), run);
    this.#timer = { atMs, cancel };
  }
}
