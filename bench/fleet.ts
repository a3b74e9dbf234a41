import { limitOf } from '../shared/domain/workflow/waves.ts';
import { type FleetRun, PACE, rollOutFleet } from './fleet/one-rollout.ts';
import { idealAnswerMs, idealReadyMs, minimalCalls, wavesOf } from './fleet/ideal.ts';
import { measureInFlight } from './fleet/in-flight.ts';
import { LIMITS, TIMES } from './fleet/limits.ts';
import { PEER_NAMES, type PeerName, PEERS } from './peers/index.ts';
import { type PeerRun, perform } from './peers/stage.ts';
import { type Spread, spreadOf } from './spread.ts';

const SIZES = [50, 100, 1_000] as const;
/** Of the fleet in which some instances cannot be what is asked. */
const MIXED = 100;

/** One size of fleet, all healthy. */
export interface FleetCost {
  readonly answerMs: Spread;
  readonly idealAnswerMs: number;
  /** Of the answer's median. */
  readonly ratio: number;
  readonly readyMs: Spread;
  readonly idealReadyMs: number;
  /** To ECS, by action, in the round of the median total. */
  readonly calls: Readonly<Record<string, number>>;
  readonly minimalCalls: number;
  readonly callsRatio: number;
}

export interface FleetResult {
  readonly latencyMs: number;
  readonly fleets: Readonly<Record<string, FleetCost>>;
  /** In model time, so that each run is the same: by tool, then by size. */
  readonly peers: Readonly<Record<PeerName, Readonly<Record<string, PeerRun>>>>;
  /** 100 instances, two Windows and two Stopped among them: what became of them in truth. */
  readonly mixed: {
    readonly latchkey: FleetRun;
    readonly peers: Readonly<Record<PeerName, PeerRun>>;
  };
  /** Attaching to 1,000 instances, by calls in flight at once. */
  readonly inFlight: Readonly<Record<string, Spread>>;
  /** In the order in which they were made. */
  readonly runs: readonly FleetRun[];
}

/**
 * Rollouts of 50, 100 and 1,000 instances in turn, each in a local cloud of its own in which every API
 * call takes `LATENCY_MS`; and what the tools of today call for the same fleets. Takes about three
 * minutes a round: the waits of three waves are real.
 */
export async function measureFleet(rounds: number): Promise<FleetResult> {
  const inFlight = await measureInFlight(rounds);
  const runs: FleetRun[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const size of SIZES) runs.push(checked(await rollOutFleet('healthy', size)));
  }
  const latchkey = await rollOutFleet('mixed', MIXED);
  return {
    latencyMs: TIMES.latencyMs,
    fleets: Object.fromEntries(SIZES.map((size) => [size, costOf(runs, size)])),
    peers: await ofEachPeer(async (name) => {
      const bySize: Record<string, PeerRun> = {};
      for (const size of SIZES) bySize[size] = await perform(PEERS[name], 'healthy', size);
      return bySize;
    }),
    mixed: { latchkey, peers: await ofEachPeer((name) => perform(PEERS[name], 'mixed', MIXED)) },
    inFlight,
    runs,
  };
}

/** @throws {Error} for a run that does not count, as not every instance came to be ready */
function checked(run: FleetRun): FleetRun {
  const ready = run.said['ready'] ?? 0;
  if (ready === run.instances && run.leftOut === 0) return run;
  throw new Error(`Cannot measure ${run.instances} instances: ${ready} are ready`);
}

async function ofEachPeer<T>(
  measure: (name: PeerName) => Promise<T>,
): Promise<Record<PeerName, T>> {
  const measured: [PeerName, T][] = [];
  for (const name of PEER_NAMES) measured.push([name, await measure(name)]);
  return Object.fromEntries(measured) as Record<PeerName, T>;
}

function costOf(all: readonly FleetRun[], size: number): FleetCost {
  const runs = all.filter(({ instances }) => instances === size);
  const answerMs = spreadOf(runs.map((run) => run.answerMs));
  const waves = wavesOf(size, limitOf(PACE.maxUnavailable, size));
  const idealMs = idealAnswerMs(size, LIMITS, TIMES);
  const least = sumOf(minimalCalls(size, waves, LIMITS));
  const byCalls = runs.toSorted((a, b) => a.totalCalls - b.totalCalls);
  const { calls, totalCalls } = byCalls[Math.floor(runs.length / 2)]!;
  return {
    answerMs,
    idealAnswerMs: idealMs,
    ratio: answerMs.median / idealMs,
    readyMs: spreadOf(runs.map((run) => run.readyMs)),
    idealReadyMs: idealReadyMs(size, waves, LIMITS, TIMES),
    calls,
    minimalCalls: least,
    callsRatio: totalCalls / least,
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
