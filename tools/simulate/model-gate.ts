import type {
  GateAnswer,
  GateQuestion,
  GlobalStop,
  HealthGate,
  Stop,
} from '../../shared/domain/model/ports.ts';

/** The global stop in memory. */
export class ModelStop implements GlobalStop {
  value: Stop | null = null;

  async read(): Promise<Stop | null> {
    return this.value;
  }

  async set(stop: Stop | null): Promise<void> {
    this.value = stop;
  }
}

/** Bad times of the system that the gate speaks for. */
export interface BadTime {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly answer: 'wait' | 'halt';
}

/** A health gate that knows its bad times beforehand. */
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
