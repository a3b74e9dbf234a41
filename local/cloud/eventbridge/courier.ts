import type { Cancel } from '../kernel/clock.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Smq } from '../smq/index.ts';
import { pauseMs } from './retry.ts';
import type { Counts, Delivery } from './targets.ts';

/** How a push ended: it succeeded, all retries failed, or EventBridge was stopped meanwhile. */
export type PushEnd = 'delivered' | 'exhausted' | 'stopped';

export interface PushHooks {
  readonly beforeAttempt?: () => void;
  readonly afterFirstAttempt?: () => void;
}

/** Pushes payloads to functions, retries, and counts what is pending. */
export class Courier {
  readonly #kernel: Kernel;
  readonly #smq: Smq;
  readonly #waiting = new Set<Cancel>();
  #underWay = 0;
  #stopped = false;

  constructor(kernel: Kernel, smq: Smq) {
    this.#kernel = kernel;
    this.#smq = smq;
  }

  /** Nothing is in progress or waiting. */
  idle(): boolean {
    return this.#waiting.size === 0 && this.#underWay === 0;
  }

  /** Starts nothing more. It does not wait for what is in progress. */
  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }

  /** Runs `run` in `delayMs`, unless it is cancelled or everything is stopped. */
  later(delayMs: number, run: () => void): Cancel {
    if (this.#stopped) return () => {};
    const forget = this.#kernel.clock.after(delayMs, () => {
      this.#waiting.delete(cancel);
      run();
    });
    const cancel = () => {
      this.#waiting.delete(cancel);
      forget();
    };
    this.#waiting.add(cancel);
    return cancel;
  }

  /** Pushes until the function succeeds or the retry policy has no attempt left. */
  async push(
    target: Delivery,
    payload: string,
    counts: Counts,
    hooks: PushHooks = {},
  ): Promise<PushEnd> {
    const { random, settings } = this.#kernel;
    this.#underWay += 1;
    try {
      for (let failures = 0; ;) {
        if (this.#stopped) return 'stopped';
        hooks.beforeAttempt?.();
        const answeredWell = await this.#attempt(target, payload);
        if (failures === 0) hooks.afterFirstAttempt?.();
        if (answeredWell) return 'delivered';
        failures += 1;
        counts.failedAttempts += 1;
        const delayMs = pauseMs(target.retry, failures, random);
        if (delayMs === undefined) return 'exhausted';
        await this.#pause(delayMs * settings.eventbridge.retryPauseFactor);
      }
    } finally {
      this.#underWay -= 1;
    }
  }

  /**
   * Handles events that could not be delivered. The dead-letter queue gets each raw event as JSON, in a message
   * of its own. An event that is too large for a message is lost, as without a queue.
   */
  giveUp(target: Delivery, events: readonly string[], counts: Counts): void {
    for (const event of events) {
      if (this.#buried(target, event)) counts.deadLettered += 1;
      else counts.discarded += 1;
    }
  }

  #buried({ deadLetterQueue }: Delivery, event: string): boolean {
    if (deadLetterQueue === undefined) return false;
    try {
      this.#smq.send(deadLetterQueue, event);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * 404, 429 and 5xx are failures. The documents only imply that a function error (status 200 with an error
   * type) is one, so that is a setting. An asynchronous call succeeds when it is accepted.
   */
  async #attempt(target: Delivery, payload: string): Promise<boolean> {
    const { functions, settings } = this.#kernel;
    const type = target.asyncInvocation ? 'Async' : 'Sync';
    try {
      // A buffer of its own for each attempt: a function may write into it.
      const answer = await functions.invoke(target.functionName, Buffer.from(payload), type);
      if (answer.status >= 400) return false;
      const failed = answer.errorType !== undefined && !target.asyncInvocation;
      return !(failed && settings.eventbridge.functionErrorFails);
    } catch {
      // The connection to Function Compute broke.
      return false;
    }
  }

  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.later(delayMs, resolve);
    });
  }
}
