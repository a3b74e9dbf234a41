import type { Fault } from '../../../local/cloud/kernel/faults.ts';
import type { Kernel } from '../../../local/cloud/kernel/kernel.ts';

/** A point at which function instances are killed, and how often. */
interface Place {
  readonly name: string;
  readonly service: string;
  readonly action: string;
  readonly function: string;
  readonly when: 'before' | 'after';
  readonly wanted: number;
  /**
   * Whether to kill there only after the first reboot. A rollout that loses the claim of its canary and
   * a later one takes a minute longer.
   */
  readonly late?: boolean;
}

const RESTART = { function: 'latchkey-restart' };
const REBOOT = { service: 'ecs', action: 'RebootInstances', ...RESTART };
const SAVE = { service: 'tablestore', action: 'UpdateRow', ...RESTART };
const SEND = { service: 'smq', action: 'BatchSendMessage' };
const LOOK = { service: 'ecs', action: 'DescribeInstances', ...RESTART };

export const CLAIM_AND_CALL = 'between claim and call';

/** With fewer kills the demo proves too little. */
const LEAST = { inAll: 30, betweenClaimAndCall: 10 };

const PLACES: readonly Place[] = [
  { name: CLAIM_AND_CALL, ...REBOOT, when: 'before', wanted: 12 },
  { name: 'right after a save', ...SAVE, when: 'after', wanted: 4, late: true },
  { name: 'between call and save', ...REBOOT, when: 'after', wanted: 5 },
  { name: 'right before a save', ...SAVE, when: 'before', wanted: 3, late: true },
  { name: 'right before a status read', ...LOOK, when: 'before', wanted: 3 },
  { name: 'before sending a wake-up', ...SEND, ...RESTART, when: 'before', wanted: 3 },
  {
    name: 'before sending results',
    ...SEND,
    function: 'latchkey-attach',
    when: 'before',
    wanted: 3,
  },
];

const FIELDS = ['service', 'action', 'function', 'when'] as const;

/** Kills function instances one by one, and counts each kill by its place. */
export class Kills {
  readonly #kernel: Kernel;
  readonly #dead = new Set<string>();
  readonly #counts = new Map<string, number>(PLACES.map(({ name }) => [name, 0]));
  /** The places that have a fault now, in the order of the faults. */
  #armed: readonly Place[] = [];
  readonly #noted = new Set<Place>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    const kill = kernel.killInstance;
    kernel.killInstance = (instanceId) => {
      this.#note(instanceId);
      kill(instanceId);
    };
  }

  /**
   * The faults for the kills that are still missing, at most one for each call, because a second one
   * would never strike. Places with the fewest kills come first.
   *
   * @param spared actions that must fail in another way first
   */
  arm(spared: readonly string[]): Fault[] {
    const isLate = this.at(CLAIM_AND_CALL) > 0;
    const share = ({ name, wanted }: Place) => this.at(name) / wanted;
    const wanting = PLACES.filter(
      (place) =>
        share(place) < 1 && (isLate || place.late !== true) && !spared.includes(place.action),
    ).toSorted((a, b) => share(a) - share(b));
    this.#armed = wanting.filter((place, index) => {
      const callOf = ({ action, function: name }: Place) => `${action} ${name}`;
      return wanting.findIndex((other) => callOf(other) === callOf(place)) === index;
    });
    this.#noted.clear();
    return this.#armed.map(({ service, action, function: name, when }) => ({
      service,
      action,
      function: name,
      when,
      kind: 'kill',
    }));
  }

  get total(): number {
    return this.#dead.size;
  }

  /** Whether there were enough kills. */
  get areEnough(): boolean {
    return this.total >= LEAST.inAll && this.at(CLAIM_AND_CALL) >= LEAST.betweenClaimAndCall;
  }

  at(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  toRows(): string[][] {
    return [...this.#counts].map(([name, count]) => [name, String(count)]);
  }

  #note(instanceId: string): void {
    const entries = this.#kernel.faults.toJSON() as (Fault & { struck: number })[];
    const struck = entries.filter(({ kind, struck: times }) => kind === 'kill' && times > 0);
    const isStruck = (place: Place) =>
      !this.#noted.has(place) &&
      struck.some((fault) => FIELDS.every((field) => fault[field] === place[field]));
    // A fault before its call kills at once, so such a place is meant if there is one.
    const place =
      this.#armed.find((one) => one.when === 'before' && isStruck(one)) ??
      this.#armed.find(isStruck);
    if (place === undefined) return;
    this.#noted.add(place);
    if (this.#dead.has(instanceId)) return;
    this.#dead.add(instanceId);
    this.#counts.set(place.name, this.at(place.name) + 1);
  }
}
