import type { Cloud } from '../../../local/cloud/index.ts';
import type { Fault } from '../../../local/cloud/kernel/faults.ts';
import { Kills } from './kills.ts';

/** For every call of the whole run. */
const ALWAYS = { times: 1_000_000 };
const LATE = { kind: 'late', delayMs: 100, ...ALWAYS } as const;

const STEADY: readonly Fault[] = [
  { service: 'smq', action: 'Deliver', kind: 'duplicate', copies: 2, ...ALWAYS },
  { service: 'tablestore', action: 'UpdateRow', ...LATE },
  { service: 'tablestore', action: 'GetRow', ...LATE },
];

const THROTTLED_ACTIONS = ['AttachKeyPair', 'RebootInstances'];

const LOOK_EVERY_MS = 150;

/**
 * What is throttled waits for the next minute of the real clock: in its second half that is not
 * long. After this time it is done anyway.
 */
const THROTTLE = { fromSec: 30, atLatestMs: 30_000 };

/** Everything that goes wrong. */
export class Weather {
  readonly kills: Kills;
  readonly #cloud: Cloud;
  readonly #startedMs = Date.now();
  readonly #throttled = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.kills = new Kills(cloud.kernel);
  }

  begin(): void {
    this.#set();
    this.#timer = setInterval(() => this.#set(), LOOK_EVERY_MS);
  }

  end(): void {
    clearInterval(this.#timer);
  }

  get throttledActions(): number {
    return this.#throttled.size;
  }

  /** What was ordered once and has struck is not ordered again; a throttle goes before a kill. */
  #set(): void {
    const { faults } = this.#cloud.kernel;
    for (const { kind, action, struck } of faults.toJSON() as (Fault & { struck: number })[]) {
      if (kind === 'throttle' && struck > 0) this.#throttled.add(action);
    }
    const nowMs = Date.now();
    const isTime =
      (nowMs / 1_000) % 60 >= THROTTLE.fromSec || nowMs - this.#startedMs > THROTTLE.atLatestMs;
    const throttles = THROTTLED_ACTIONS.filter((action) => isTime && !this.#throttled.has(action));
    faults.replace([
      ...throttles.map((action) => ({ service: 'ecs', action, kind: 'throttle' })),
      ...this.kills.arm(),
      ...STEADY,
    ]);
  }
}
