import { limitOf } from '../shared/domain/workflow/waves.ts';
import { type FleetRun, PACE, rollOutFleet } from './fleet/one-rollout.ts';
import { idealAnswerMs, idealReadyMs, minimalCalls, wavesOf } from './fleet/ideal.ts';
import { measureInFlight } from './fleet/in-flight.ts';
import { LIMITS, TIMES } from './fleet/limits.ts';
import { PEER_NAMES, type PeerName, PEERS } from './peers/index.ts';
import { type PeerRun, perform } from './peers/stage.ts';
import { type Spread, spreadOf } from './spread.ts';
import { sumOf } from './sum-of.ts';

const SIZES = [50, 100, 1_000] as const;
/** The size of the fleet in which some instances cannot get the key pair or reboot. */
const MIXED = 100;

/** What a healthy fleet of one size costs. */
export interface FleetCost {
  readonly answerMs: Spread;
  readonly idealAnswerMs: number;
  /** The median answer time over the ideal one. */
  readonly ratio: number;
  readonly readyMs: Spread;
  readonly idealReadyMs: number;
  /** Calls to ECS by action, in the round with the median total. */
  readonly calls: Readonly<Record<string, number>>;
  readonly minimalCalls: number;
  readonly callsRatio: number;
}

export interface FleetResult {
  readonly latencyMs: number;
  readonly fleets: Readonly<Record<string, FleetCost>>;
  /** By tool, then by size. Runs in virtual time, so that each run is the same. */
  readonly peers: Readonly<Record<PeerName, Readonly<Record<string, PeerRun>>>>;
  /** What really happened to 100 instances, of which two run Windows and two are Stopped. */
  readonly mixed: {
    readonly latchkey: FleetRun;
    readonly peers: Readonly<Record<PeerName, PeerRun>>;
  };
  /** Milliseconds to attach to 1,000 instances, by the number of calls in flight. */
  readonly inFlight: Readonly<Record<string, Spread>>;
  /** In the order of the measurements. */
  readonly runs: readonly FleetRun[];
}

/**
 * Runs rollouts of 50, 100 and 1,000 instances in turn, and other tools over the same fleets. Each run
 * has a local cloud of its own, in which every API call takes `LATENCY_MS`. A round takes about three
 * minutes, because the waits of three waves are real.
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

/** @throws {Error} when not every instance became ready: such a run does not count */
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
