import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { Delivery, Notifier } from '../../shared/domain/model/ports.ts';
import type { BadTime } from './model-gate.ts';

/** Channels that cannot be reached from time to time. */
export class ModelNotifier implements Notifier {
  readonly #awayTimes: readonly Pick<BadTime, 'fromMs' | 'untilMs'>[];

  constructor(awayTimes: readonly Pick<BadTime, 'fromMs' | 'untilMs'>[]) {
    this.#awayTimes = awayTimes;
  }

  async deliver(_notice: NoticeMessage, nowMs: number): Promise<Delivery> {
    const isAway = this.#awayTimes.some(
      ({ fromMs, untilMs }) => fromMs <= nowMs && nowMs < untilMs,
    );
    if (isAway) return { kind: 'failed', why: 'the channel is away', retryAfterMs: null };
    return { kind: 'delivered' };
  }
}
