import type { GateAnswer, GateQuestion, HealthGate } from '../../shared/domain/model/ports.ts';

/** A time in which the health gate does not say `go`. */
export interface BadTime {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly answer: 'wait' | 'halt';
}

/** A health gate whose bad times are fixed beforehand. */
export class ModelGate implements HealthGate {
  readonly #nowMs: () => number;
  readonly #badTimes: readonly BadTime[];

  constructor(nowMs: () => number, badTimes: readonly BadTime[]) {
    this.#nowMs = nowMs;
    this.#badTimes = badTimes;
  }

  async ask(_question: GateQuestion): Promise<GateAnswer> {
    const bad = this.#at(this.#nowMs());
    return bad === undefined
      ? { answer: 'go', reason: '' }
      : { answer: bad.answer, reason: 'the model says so' };
  }

  isHolding(atMs: number): boolean {
    return this.#at(atMs) !== undefined;
  }

  #at(atMs: number): BadTime | undefined {
    return this.#badTimes.find(({ fromMs, untilMs }) => fromMs <= atMs && atMs < untilMs);
  }
}
