import type { Cloud } from '../../../local/cloud/index.ts';
import type { Fault } from '../../../local/cloud/kernel/faults.ts';
import { Kills } from './kills.ts';

/** Applies to every call of the run. */
const ALWAYS = { times: 1_000_000 };
const LATE = { kind: 'late', delayMs: 100, ...ALWAYS } as const;

const STEADY: readonly Fault[] = [
  { service: 'smq', action: 'Deliver', kind: 'duplicate', copies: 2, ...ALWAYS },
  { service: 'tablestore', action: 'UpdateRow', ...LATE },
  { service: 'tablestore', action: 'GetRow', ...LATE },
];

/** The actions to throttle, and the latest time at which there are still such calls to come. */
const THROTTLES = [
  { action: 'AttachKeyPair', atLatestMs: 8_000 },
  { action: 'RebootInstances', atLatestMs: 30_000 },
];

const LOOK_EVERY_MS = 150;

/** A throttled call waits for the next minute of the real clock. From this second on, the wait is short. */
const THROTTLE_FROM_SEC = 30;

/** Later kills make the demo too long, so there are none once there were enough. */
const KILLS_UNTIL_MS = 70_000;

/** Sets up everything that goes wrong. */
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

  /** Whether each action has been throttled. */
  get hasThrottledAll(): boolean {
    return this.#throttled.size === THROTTLES.length;
  }

  /** Faults that were wanted once and have struck are not set again. A throttle comes before a kill. */
  #set(): void {
    const { faults } = this.#cloud.kernel;
    for (const { kind, action, struck } of faults.toJSON() as (Fault & { struck: number })[]) {
      if (kind === 'throttle' && struck > 0) this.#throttled.add(action);
    }
    const nowMs = Date.now();
    const throttles = THROTTLES.filter(({ action, atLatestMs }) => {
      const isTime =
        (nowMs / 1_000) % 60 >= THROTTLE_FROM_SEC || nowMs - this.#startedMs > atLatestMs;
      return isTime && !this.#throttled.has(action);
    }).map(({ action }) => action);
    const isPast = nowMs - this.#startedMs > KILLS_UNTIL_MS && this.kills.areEnough;
    faults.replace([
      ...throttles.map((action) => ({ service: 'ecs', action, kind: 'throttle' })),
      ...(isPast ? [] : this.kills.arm(throttles)),
      ...STEADY,
    ]);
  }
}
