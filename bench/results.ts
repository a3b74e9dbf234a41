import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FleetResult } from './fleet.ts';
import type { GrowthResult } from './growth.ts';
import type { Machine } from './machine.ts';
import type { Spread } from './spread.ts';
import type { WarmResult } from './warm.ts';

/** One subject of bench/cold-start.ts; what it measured beyond this is kept in the file as it is. */
export interface ColdStartTimes {
  readonly importMs: Spread;
  /** Until the first signed call has its answer; null for bare node, which makes none. */
  readonly firstCallMs: Spread | null;
  /** Until the first call to ECS has its answer, with the calls to the store before it. */
  readonly firstEcsMs?: Spread | null;
  readonly processMs: Spread;
}

/** What every part measured, as `bench/results.json` keeps it. */
export interface Measured {
  readonly coldStart: Readonly<Record<string, ColdStartTimes>>;
  /** With what deployed functions are given of a core; null where this machine cannot limit a process. */
  readonly deployedColdStart: Readonly<Record<string, ColdStartTimes>> | null;
  readonly fleet: FleetResult;
  readonly warm: WarmResult;
  readonly growth: GrowthResult;
}

export type PartName = keyof Measured;
export const PART_NAMES: readonly PartName[] = [
  'coldStart',
  'deployedColdStart',
  'fleet',
  'warm',
  'growth',
];

/** Parts may be measured apart, so each says where and when it was. */
export type Results = {
  readonly [K in PartName]?: {
    readonly machine: Machine;
    readonly tookSeconds: number;
    readonly result: Measured[K];
  };
};

/** @returns {} when there is no such file */
export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : {};
}

/** Leaves parts that were not measured as they are. */
export function mergeIntoFile(path: string, results: Results): void {
  writeFileSync(path, `${JSON.stringify({ ...readResults(path), ...results }, null, 2)}\n`);
}
