import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { FleetResult } from './fleet.ts';
import type { GrowthResult } from './growth.ts';
import type { Machine } from './machine.ts';
import type { Spread } from './spread.ts';
import type { WarmResult } from './warm.ts';

/** What is read of one subject of bench/cold-start.ts; the file keeps more. */
export interface ColdStartTimes {
  readonly importMs: Spread;
  /** Until the first signed call is answered; null for bare Node, which makes no call. */
  readonly firstCallMs: Spread | null;
  /** Until the first call to ECS is answered; the calls to the store come before it. */
  readonly firstEcsMs?: Spread | null;
  readonly processMs: Spread;
}

/** The results of all parts, as `bench/results.json` keeps them. */
export interface Measured {
  readonly coldStart: Readonly<Record<string, ColdStartTimes>>;
  /** With the share of a core that deployed functions get; null where this machine cannot limit it. */
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

/** Parts may be measured apart, so each one has its own machine and time. */
export type Results = {
  readonly [K in PartName]?: {
    readonly machine: Machine;
    readonly tookSeconds: number;
    readonly result: Measured[K];
  };
};

/** @returns {} when the file does not exist */
export function readResults(path: string): Results {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : {};
}

/** Parts that were not measured stay as they are in the file. */
export function mergeIntoFile(path: string, results: Results): void {
  writeFileSync(path, `${JSON.stringify({ ...readResults(path), ...results }, null, 2)}\n`);
}
