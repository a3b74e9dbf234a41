import { MANY } from './growth.ts';
import { runRollout } from './growth/run-rollout.ts';
import type { Spread } from './spread.ts';
import { type HandlerTimes, measureHandler } from './warm/handler-times.ts';
import { AS_DEPLOYED, measureMemory, type Memory } from './warm/memory.ts';
import { measureThroughput } from './warm/throughput.ts';

export interface WarmResult {
  readonly handler: HandlerTimes;
  /** Signed GETs per second through the local host. */
  readonly rps: Spread;
  /** With the heap limits that Node derives from 512 MB, as deployed. */
  readonly memory: Memory;
  /** With the heap limits that Node derives from the memory of this machine. */
  readonly memoryHere: Memory;
  /** The local cloud's process with 1,000 instances, after a rollout over all of them. */
  readonly cloud: { readonly rssMb: number; readonly peakRssMb: number };
}

const REQUESTS = 5_000;
const ROUND_MS = 4_000;

/** Measures functions that are started already. @param rounds of the throughput */
export async function measureWarm(rounds: number): Promise<WarmResult> {
  const handler = await measureHandler(REQUESTS);
  const rps = await measureThroughput(rounds, ROUND_MS);
  const memory = await measureMemory(AS_DEPLOYED);
  const memoryHere = await measureMemory([]);
  const { cloudRssMb, cloudPeakRssMb } = await runRollout(MANY);
  const cloud = { rssMb: cloudRssMb, peakRssMb: cloudPeakRssMb };
  return { handler, rps, memory, memoryHere, cloud };
}
