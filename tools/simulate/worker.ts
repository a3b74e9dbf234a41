import { parentPort } from 'node:worker_threads';
import { runSeed } from './seed.ts';
import { addSeed, emptyTally, type Tally } from './tally.ts';

/** Seeds to run one after the other, both ends included. */
export interface Order {
  readonly from: number;
  readonly to: number;
  /** Ends with the first seed that fails. */
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
    // A seed that cannot be run at all ends the worker, and with it the run.
    (error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    },
  );
});
