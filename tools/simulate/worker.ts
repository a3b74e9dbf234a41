import { parentPort } from 'node:worker_threads';
import { runSeed } from './seed.ts';

/** Seeds to run one after the other, both ends included. */
export interface Order {
  readonly from: number;
  readonly to: number;
  /** Ends with the first seed that fails. */
  readonly untilFault: boolean;
}

/** What came of an order. */
export interface Tally {
  seeds: number;
  crashed: number;
  lost: number;
  throttled: number;
  conflicts: number;
  doubles: number;
  readonly transitions: Record<string, number>;
  readonly faults: { readonly seed: number; readonly fault: string }[];
}

export function emptyTally(): Tally {
  return {
    seeds: 0,
    crashed: 0,
    lost: 0,
    throttled: 0,
    conflicts: 0,
    doubles: 0,
    transitions: {},
    faults: [],
  };
}

async function carryOutOrder({ from, to, untilFault }: Order): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = from; seed <= to; seed += 1) {
    const { bites, transitions, faults } = await runSeed(seed, false);
    tally.seeds += 1;
    if (bites.crashes > 0) tally.crashed += 1;
    if (bites.lost > 0) tally.lost += 1;
    if (bites.throttled > 0) tally.throttled += 1;
    if (bites.conflicts > 0) tally.conflicts += 1;
    if (bites.doubles > 0) tally.doubles += 1;
    for (const [transition, count] of transitions) {
      tally.transitions[transition] = (tally.transitions[transition] ?? 0) + count;
    }
    const [fault] = faults;
    if (fault === undefined) continue;
    tally.faults.push({ seed, fault });
    if (untilFault) break;
  }
  return tally;
}

parentPort?.on('message', (order: Order) => {
  void carryOutOrder(order).then(
    (tally) => parentPort?.postMessage(tally),
    // A seed that cannot be run at all ends the worker, and with it the run.
    (error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    },
  );
});
