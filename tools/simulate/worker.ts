import { parentPort } from 'node:worker_threads';
import { runSeed } from './seed.ts';
import { addSeed, emptyTally, type Tally } from './tally.ts';

/** A range of seeds to run, both ends included. */
export interface Order {
  readonly from: number;
  readonly to: number;
  /** Whether to stop at the first seed that fails. */
  readonly untilFault: boolean;
}

async function carryOutOrder({ from, to, untilFault }: Order): Promise<Tally> {
  const tally = emptyTally();
  for (let seed = from; seed <= to; seed += 1) {
    const report = await runSeed(seed, false);
    addSeed(tally, report);
    const [fault] = report.faults;
    if (fault === undefined) continue;
    tally.faults.push({ seed, fault });
    if (untilFault) break;
  }
  return tally;
}

parentPort?.on('message', (order: Order) => {
  void carryOutOrder(order).then(
    (tally) => parentPort?.postMessage(tally),
    // An error here is a bug of the simulation. It ends the worker, and with it the run.
    (error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    },
  );
});
