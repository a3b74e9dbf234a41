import type { Effect, Moment } from '../model/events.ts';
import type { InstanceId } from '../model/instance.ts';
import {
  type AttachState,
  HISTORY_KEPT,
  type HistoryEntry,
  type RestartState,
  type Rollout,
  type RolloutInstance,
  type Withheld,
} from '../model/rollout.ts';
import type { SkipReason } from '../model/skip-reason.ts';

type RestartOf<K extends RestartState['kind']> = Extract<RestartState, { readonly kind: K }>;

/** A rollout during one step. The rollout that was passed in is not changed. */
export class Draft {
  readonly effects: Effect[] = [];
  readonly moment: Moment;
  /** The rollout before the step. */
  readonly before: Rollout;
  #rollout: Rollout;
  #instances: RolloutInstance[] | undefined;
  /** Grown in place: copying it for each of a thousand instances would copy a million entries. */
  #outbox: number[] | undefined;
  #indexes: Map<InstanceId, number> | undefined;

  constructor(rollout: Rollout, moment: Moment) {
    this.before = rollout;
    this.#rollout = rollout;
    this.moment = moment;
  }

  get rollout(): Rollout {
    if (this.#outbox !== undefined) {
      this.#rollout = { ...this.#rollout, outbox: this.#outbox };
      this.#outbox = undefined;
    }
    return this.#rollout;
  }

  get instances(): readonly RolloutInstance[] {
    return this.#instances ?? this.#rollout.instances;
  }

  /** The same object that was passed in when nothing changed. */
  result(): Rollout {
    if (this.#instances !== undefined) {
      this.#rollout = { ...this.rollout, instances: this.#instances };
      this.#instances = undefined;
    }
    return this.rollout;
  }

  indexOf(instanceId: InstanceId): number | undefined {
    this.#indexes ??= new Map(this.instances.map((one, index) => [one.instanceId, index]));
    return this.#indexes.get(instanceId);
  }

  set(fields: Partial<Omit<Rollout, 'instances' | 'history'>>): void {
    this.#rollout = { ...this.rollout, ...fields };
  }

  setInstance(
    index: number,
    states: {
      readonly attach?: AttachState;
      readonly restart?: RestartState;
      readonly missingSinceMs?: number | null;
      readonly withheld?: Withheld;
      readonly wave?: number;
    },
  ): void {
    this.#instances ??= [...this.#rollout.instances];
    const instance = this.#instances[index];
    if (instance === undefined) throw new RangeError(`Cannot change instance ${index}: not there`);
    this.#instances[index] = { ...instance, ...states };
  }

  noteMissing(index: number, isMissing: boolean): void {
    const { missingSinceMs } = this.instances[index]!;
    if (isMissing === (missingSinceMs !== null)) return;
    this.setInstance(index, { missingSinceMs: isMissing ? this.moment.nowMs : null });
  }

  /** Sets the final outcome of an instance's attach. Its result is published next. */
  settle(index: number, attach: AttachState & { kind: 'attached' | 'failed' | 'skipped' }): void {
    this.setInstance(
      index,
      attach.kind === 'attached' ? { attach } : { attach, restart: { kind: 'none' } },
    );
    this.#outbox ??= [...this.#rollout.outbox];
    this.#outbox.push(index);
  }

  skip(index: number, reason: SkipReason, detail = ''): void {
    this.settle(index, { kind: 'skipped', reason, detail, effective: null });
  }

  /** A restart that will not be made. */
  drop(
    index: number,
    { how, attempt }: RestartOf<'due' | 'failed' | 'unknown'>,
    why: RestartOf<'dropped'>['why'],
    isDown = false,
  ): void {
    this.setInstance(index, { restart: { kind: 'dropped', how, attempt, why, isDown } });
  }

  /** The queue did not take the rest. Ownership ends now, so that the next timer tick tries again. */
  disown(): void {
    const { nowMs } = this.moment;
    if (this.#rollout.ownerUntilMs > nowMs) this.set({ ownerUntilMs: nowMs });
  }

  /** This invocation works on hold, outbox or release from now on. */
  own(): void {
    const { ownerUntilMs } = this.moment;
    if (ownerUntilMs > this.#rollout.ownerUntilMs) this.set({ ownerUntilMs });
  }

  /** Adds a history entry. An entry about no instance is kept only when a person did it. */
  note(what: string, count: number, detail = '', requestId = '', by = ''): void {
    if (count === 0 && by === '') return;
    const { history } = this.#rollout;
    const seq = (history.at(-1)?.seq ?? -1) + 1;
    const atMs = this.moment.nowMs;
    const entry: HistoryEntry = { seq, atMs, what, count, detail, requestId, by };
    this.#rollout = { ...this.#rollout, history: [...history, entry].slice(-HISTORY_KEPT) };
  }
}

/** Counts by text, so that many instances become few history entries. */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(text: string): void {
    this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1);
  }

  noteIn(draft: Draft, what: string, requestId = ''): void {
    for (const [text, count] of this.#counts) draft.note(what, count, text, requestId);
  }
}

/** Drops every attach and restart that was not begun. Unanswered calls are looked up later. */
export function dropTheRest(draft: Draft, reason: 'denied' | 'aborted' | 'plan-changed'): void {
  for (const [index, { attach, restart }] of draft.instances.entries()) {
    if (attach.kind === 'waiting') {
      draft.skip(index, reason);
    } else if (restart.kind === 'due') {
      draft.drop(index, restart, 'aborted');
    }
  }
}
