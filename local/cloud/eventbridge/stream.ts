import type { Cancel } from '../kernel/clock.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { MAX_HIDDEN_MS, type Smq } from '../smq/index.ts';
import type { Courier } from './courier.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import { queueEvent } from './queue-event.ts';
import { noCounts, type QueueStream } from './targets.ts';

/** https://www.alibabacloud.com/help/en/functioncompute/fc/advanced-features-of-triggers */
const BODY_BYTES = { sync: 32 * 1024 * 1024, async: 128 * 1024 };

/** Our own choices: see `QueueStream.concurrency`. */
const DEFAULT_CONCURRENCY = { 'event-streaming': 1, 'event-driven': 100 };

/** A message that the stream has received and not finished. */
interface Entry {
  handle: string;
  readonly takenAtMs: number;
  /** The whole event, for the dead-letter queue. */
  readonly raw: string;
  /** The payload for the function. */
  readonly element: string;
  readonly bytes: number;
}

/**
 * Pushes a queue's messages to a function. How the real stream does it is not documented. This stream
 *
 * - receives one batch ahead;
 * - hides messages for as long as the queue can, and again before each attempt, so that the queue does not
 *   deliver them a second time during a push or a retry;
 * - deletes messages after a successful push, and after they were dead-lettered or discarded.
 *
 * When `errorsTolerance` is `NONE` and all retries failed, the stream is blocked: it returns its messages to
 * the queue and stays `Ready`.
 */
export class Stream {
  readonly #stream: QueueStream;
  readonly #kernel: Kernel;
  readonly #smq: Smq;
  readonly #courier: Courier;
  readonly #matches: Pattern;
  readonly #counts = { ...noCounts(), filtered: 0 };
  readonly #stopListening: Cancel;
  readonly #most: { readonly count: number; readonly windowMs: number; readonly bytes: number };
  #taken: Entry[] = [];
  #underWay = 0;
  #blocked = false;
  #stopped = false;
  #wakeUp: Cancel | undefined;
  #window: Cancel | undefined;

  /** @throws {PatternError} */
  constructor(stream: QueueStream, kernel: Kernel, smq: Smq, courier: Courier) {
    this.#stream = stream;
    this.#kernel = kernel;
    this.#smq = smq;
    this.#courier = courier;
    this.#matches = compilePattern(stream.pattern ?? {});
    const batched = stream.mode === 'event-streaming';
    this.#most = {
      count: batched ? stream.batch.count : 1,
      windowMs: batched ? stream.batch.windowMs : 0,
      bytes: stream.asyncInvocation ? BODY_BYTES.async : BODY_BYTES.sync,
    };
    this.#stopListening = smq.onVisible(stream.queueName, () => this.#wake());
    this.#wake();
  }

  state(): Record<string, unknown> {
    const { name, functionName, queueName } = this.#stream;
    const { length: taken } = this.#taken;
    const status = this.#status();
    return {
      name,
      functionName,
      queueName,
      status,
      taken,
      underWay: this.#underWay,
      ...this.#counts,
    };
  }

  idle(): boolean {
    return this.#taken.length === 0 && this.#underWay === 0;
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    this.#wakeUp?.();
    this.#window?.();
  }

  #status(): 'Running' | 'Ready' | 'Start Failed' {
    if (this.#blocked) return 'Ready';
    return this.#smq.hasQueue(this.#stream.queueName) ? 'Running' : 'Start Failed';
  }

  #wake(): void {
    if (this.#wakeUp !== undefined) return;
    this.#wakeUp = this.#courier.later(this.#kernel.settings.eventbridge.deliveryDelayMs, () => {
      this.#wakeUp = undefined;
      this.#go();
    });
  }

  /** Receives as many messages as there is room for, and pushes due batches while a push is free. */
  #go(): void {
    const { concurrency = DEFAULT_CONCURRENCY[this.#stream.mode] } = this.#stream;
    this.#window?.();
    this.#window = undefined;
    while (!this.#stopped) {
      this.#take();
      const [first] = this.#taken;
      if (first === undefined || this.#underWay >= concurrency) return;
      const size = this.#batchSize();
      const full = size === this.#most.count || size < this.#taken.length;
      const leftMs = first.takenAtMs + this.#most.windowMs - this.#kernel.clock.nowMs();
      if (!full && leftMs > 0) {
        this.#window = this.#courier.later(leftMs, () => this.#go());
        return;
      }
      this.#start(this.#taken.splice(0, size));
    }
  }

  #take(): void {
    const { queueName } = this.#stream;
    while (this.#smq.hasQueue(queueName)) {
      const room = this.#most.count - this.#taken.length;
      const heavy = this.#taken.reduce((sum, { bytes }) => sum + bytes, 0) >= this.#most.bytes;
      if (room <= 0 || heavy) return;
      const messages = this.#smq.receive(queueName, room, MAX_HIDDEN_MS);
      if (messages.length === 0) return;
      const nowMs = this.#kernel.clock.nowMs();
      for (const message of messages) {
        const event = queueEvent(message, this.#stream, this.#kernel.settings, nowMs);
        if (!this.#matches(event)) {
          this.#smq.delete(queueName, message.receiptHandle);
          this.#counts.filtered += 1;
          continue;
        }
        const raw = JSON.stringify(event);
        const given = this.#stream.eventSchema === 'RawData' ? JSON.stringify(event.data) : raw;
        const element = this.#stream.shape === 'strings' ? JSON.stringify(given) : given;
        const handle = message.receiptHandle;
        // One more byte for the comma or bracket.
        const bytes = Buffer.byteLength(element) + 1;
        this.#taken.push({ handle, takenAtMs: nowMs, raw, element, bytes });
      }
    }
  }

  /** How many of the received messages go into one push: at least one, however large. */
  #batchSize(): number {
    // The first bracket.
    let bytes = 1;
    let size = 0;
    for (const entry of this.#taken) {
      bytes += entry.bytes;
      if (size === this.#most.count || (size > 0 && bytes > this.#most.bytes)) break;
      size += 1;
    }
    return size;
  }

  #start(entries: readonly Entry[]): void {
    // A message that became visible again meanwhile is left alone: it will be received again.
    const batch = entries.filter((entry) => this.#hide(entry));
    if (batch.length === 0) return;
    this.#underWay += 1;
    void this.#push(batch).then(() => {
      this.#underWay -= 1;
      this.#go();
    });
  }

  async #push(batch: readonly Entry[]): Promise<void> {
    const elements = batch.map(({ element }) => element).join(',');
    const payload = this.#stream.mode === 'event-streaming' ? `[${elements}]` : elements;
    const beforeAttempt = () => {
      for (const entry of batch) this.#hide(entry);
    };
    const end = await this.#courier.push(this.#stream, payload, this.#counts, { beforeAttempt });
    switch (end) {
      case 'delivered':
        this.#counts.delivered += batch.length;
        this.#delete(batch);
        return;
      case 'exhausted':
        if (this.#stream.errorsTolerance === 'NONE') {
          this.#block(batch);
          return;
        }
        this.#courier.giveUp(
          this.#stream,
          batch.map(({ raw }) => raw),
          this.#counts,
        );
        this.#delete(batch);
        return;
      case 'stopped':
    }
  }

  #hide(entry: Entry): boolean {
    const handle = this.#smq.extend(this.#stream.queueName, entry.handle, MAX_HIDDEN_MS);
    entry.handle = handle ?? entry.handle;
    return handle !== undefined;
  }

  #delete(batch: readonly Entry[]): void {
    for (const { handle } of batch) this.#smq.delete(this.#stream.queueName, handle);
  }

  #block(batch: readonly Entry[]): void {
    this.#blocked = true;
    this.stop();
    const held = [...batch, ...this.#taken];
    this.#taken = [];
    for (const { handle } of held) this.#smq.giveBack(this.#stream.queueName, handle);
  }
}
