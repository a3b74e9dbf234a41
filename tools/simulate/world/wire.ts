import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Invocation } from './invocation.ts';
import type { Random } from '../../random.ts';
import type { Scheduler } from './scheduler.ts';
import type { Story } from './story.ts';
import { drawFate, type Fate, type Weather } from './weather.ts';

/** The time limit of one call, the same as in `shared/outbound`. */
const CALL_LIMIT_MS = 10_000;

/** How much later than its time limit a call may still take effect: our own choice. */
const STRAGGLER_MS = 4_000;

/** How often each kind of trouble struck: nothing, at first. */
export const noTrouble = () => ({
  /** Invocations that died. */
  crashed: 0,
  /** Answers that were lost. */
  lost: 0,
  throttled: 0,
  /** Saves that were refused, because somebody else had saved. */
  conflicts: 0,
  /** Invocations that began while another one was running. */
  doubles: 0,
});
export type TroubleCounts = ReturnType<typeof noTrouble>;

/** What one call does, and what its caller gets when something goes wrong. */
export interface Call<T> {
  readonly name: string;
  readonly toEcs: boolean;
  /** Runs at one moment. @param part whether only a part of the call takes effect */
  readonly effect: (part: boolean) => Promise<T>;
  /** What the adapter returns when a part of the answer is missing. */
  readonly spoil?: (result: T) => T;
  /** What the adapter returns for an error, when it does not reject. */
  readonly onError?: (error: LatchkeyError) => T;
  readonly tell?: (result: T) => string;
}

/** The network between an invocation and the cloud: calls are slow, get lost, or end the invocation. */
export class Wire {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #story: Story;
  readonly troubles = noTrouble();
  weather: Weather;

  constructor(scheduler: Scheduler, random: Random, story: Story, weather: Weather) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#story = story;
    this.weather = weather;
  }

  send<T>(invocation: Invocation, call: Call<T>): Promise<T> {
    // The promise of a dead invocation never settles. Nothing waits for it.
    return new Promise((resolve, reject) => {
      if (!invocation.isAlive) return;
      this.#send(invocation, call, resolve, reject);
    });
  }

  #send<T>(
    invocation: Invocation,
    call: Call<T>,
    resolve: (result: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const random = this.#random;
    const fate = drawFate(this.weather, random, call.toEcs);
    const slow = random.chance(this.weather.slow);
    const there = slow ? random.between(100, 5_000) : random.between(2, 40);
    const back = slow ? random.between(100, 4_900) : random.between(1, 40);
    const survives = random.chance(0.5);
    const isLate = random.chance(0.3);
    const tell = (what: string) => this.#story.tell(() => `${invocation.id}  ${call.name} ${what}`);
    const answer = (settle: () => void) =>
      this.#scheduler.after(back, () => {
        if (invocation.isAlive) settle();
      });
    const fail = (error: LatchkeyError) => {
      if (!invocation.isAlive) return;
      tell(`! ${error.code}`);
      if (call.onError === undefined) reject(error);
      else resolve(call.onError(error));
    };
    if (fate === 'crash-before') {
      this.troubles.crashed += 1;
      tell('CRASH before');
      invocation.kill();
      return;
    }
    const nothing = nothingDone(fate, this.#scheduler.nowMs());
    if (nothing !== undefined) {
      if (fate === 'throttled') this.troubles.throttled += 1;
      this.#scheduler.after(there, () => answer(() => fail(nothing)));
      return;
    }
    const isLost = fate === 'lost-before' || fate === 'lost-after';
    // A broken connection delivers nothing later on.
    const isBroken = isLost && random.chance(0.3);
    if (isLost) {
      this.troubles.lost += 1;
      const error = isBroken
        ? new LatchkeyError('unavailable', `Cannot ${call.name}: the connection broke`)
        : new LatchkeyError('timeout', `Cannot ${call.name}: no answer in time`);
      this.#scheduler.after(isBroken ? there + back : CALL_LIMIT_MS, () => fail(error));
      if (fate === 'lost-before') return;
    }
    const mayBeLate = isLost && !isBroken && isLate;
    const arrives = mayBeLate ? random.between(there, CALL_LIMIT_MS + STRAGGLER_MS) : there;
    const isPart = (isLost || fate === 'crash-after') && random.chance(0.5);
    this.#scheduler.after(arrives, () => {
      if (!invocation.isAlive && !survives) return;
      const done = (async () => call.effect(isPart))();
      tell(isLost ? 'done, ANSWER LOST' : 'done');
      // An invocation dies only once.
      if (fate === 'crash-after' && invocation.isAlive) {
        this.troubles.crashed += 1;
        tell('CRASH after');
        invocation.kill();
      }
      // An effect that fails must be heard of, even when nobody waits for it.
      done.then(
        (result) => {
          if (isLost) return;
          answer(() => {
            const given = fate === 'partial' ? (call.spoil?.(result) ?? result) : result;
            if (call.tell !== undefined) tell(`= ${call.tell(given)}`);
            resolve(given);
          });
        },
        (error: unknown) => {
          if (isLost) return;
          answer(() => {
            if (error instanceof LatchkeyError) fail(error);
            else reject(error);
          });
        },
      );
    });
  }
}

function nothingDone(fate: Fate, nowMs: number): LatchkeyError | undefined {
  if (fate === 'unreachable') {
    return new LatchkeyError('unreachable', 'Cannot connect: the name is not known');
  }
  if (fate === 'throttled') {
    const retryAtMs = (Math.floor(nowMs / 60_000) + 1) * 60_000;
    const vendorCode = 'Throttling.User';
    return new LatchkeyError('throttled', 'Cannot call: throttled', { retryAtMs, vendorCode });
  }
  return undefined;
}
