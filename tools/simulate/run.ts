import { Worker } from 'node:worker_threads';
import { addTally, emptyTally, type Tally } from './tally.ts';
import type { Order } from './worker.ts';

/** How many seeds one worker gets at a time: enough that handing them out costs nothing. */
const ORDER_SEEDS = 25;

export interface RunOptions {
  readonly from: number;
  readonly seeds: number;
  readonly workers: number;
  /** Whether the run ends soon after the first seed that fails. */
  readonly untilFault?: boolean;
}

/**
 * Runs seeds in several threads.
 *
 * @param code from `bundleSimulation`
 * @returns the total of all seeds, with the faults in the order of the seeds
 * @throws when the simulation itself has a bug
 */
export async function runSeeds(code: string, options: RunOptions): Promise<Tally> {
  const { from, seeds, workers, untilFault = false } = options;
  const total = emptyTally();
  const lastSeed = from + seeds - 1;
  let next = from;
  const nextOrder = (): Order | undefined => {
    if (next > lastSeed || (untilFault && total.faults.length > 0)) return undefined;
    const order = { from: next, to: Math.min(lastSeed, next + ORDER_SEEDS - 1), untilFault };
    next = order.to + 1;
    return order;
  };
  const work = async (): Promise<void> => {
    const worker = new Worker(code, { eval: true });
    try {
      for (let order = nextOrder(); order !== undefined; order = nextOrder()) {
        addTally(total, await answerOf(worker, order));
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  total.faults.sort((a, b) => a.seed - b.seed);
  return total;
}

function answerOf(worker: Worker, order: Order): Promise<Tally> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', (tally: Tally) => {
      worker.off('error', reject);
      resolve(tally);
    });
    worker.postMessage(order);
  });
}
