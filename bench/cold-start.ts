import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Subject, subjectsIn } from './cold-start/subjects.ts';
import { openSite } from '../tools/build/warm-up/site.ts';
import { type CpuQuota, cpuQuota } from './cpu-quota.ts';
import { type Spread, spreadOf } from './spread.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHILD = fileURLToPath(new URL('cold-start/child.cjs', import.meta.url));
const run = promisify(execFile);

/** Times in milliseconds since the import began, each in a fresh process. */
export interface ColdStart {
  readonly importMs: Spread;
  /** Until the first signed call is answered; null for bare Node. */
  readonly firstCallMs: Spread | null;
  /** Until the first call to ECS is answered; null where there is none. */
  readonly firstEcsMs: Spread | null;
  /** The whole process, from its creation to its end. */
  readonly processMs: Spread;
  readonly rssMb: Spread;
}

/** What deployed functions get: `cpu` in s.yaml. */
const DEPLOYED_CORES = 0.35;

/** @returns null where this machine cannot limit the processor time of a process */
export async function measureDeployedColdStarts(
  rounds: number,
): Promise<Record<string, ColdStart> | null> {
  const quota = cpuQuota(DEPLOYED_CORES);
  if (quota === undefined) return null;
  try {
    return await measureColdStarts(rounds, quota.limited);
  } finally {
    quota.remove();
  }
}

/**
 * Measures every subject once a round, so that other load on the machine affects all of them alike.
 *
 * @param limited returns the command to run in place of a program
 */
export async function measureColdStarts(
  rounds: number,
  limited: CpuQuota['limited'] = (program, args) => [program, args],
): Promise<Record<string, ColdStart>> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cold-start-'));
  const site = await openSite(ROOT);
  try {
    const subjects = await subjectsIn(folder, site);
    const all = new Map<string, Sample[]>(subjects.map(({ name }) => [name, []]));
    // The first round warms the page cache and is not counted.
    for (let round = 0; round <= rounds; round += 1) {
      for (const subject of subjects) {
        const sample = await start(subject, limited);
        if (round > 0) all.get(subject.name)!.push(sample);
      }
    }
    return Object.fromEntries([...all].map(([name, samples]) => [name, summary(samples)]));
  } finally {
    await site.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Sample {
  readonly importMs: number;
  readonly firstCallMs?: number;
  readonly firstEcsMs?: number;
  readonly rssMb: number;
  readonly processMs: number;
}

async function start({ job, env }: Subject, limited: CpuQuota['limited']): Promise<Sample> {
  const [program, args] = limited(process.execPath, [CHILD, JSON.stringify(job)]);
  const sinceMs = performance.now();
  const { stdout } = await run(program, args, { env });
  return { ...(JSON.parse(stdout) as Sample), processMs: performance.now() - sinceMs };
}

function summary(samples: readonly Sample[]): ColdStart {
  const of = (pick: (sample: Sample) => number | undefined) => {
    const values = samples.map(pick).filter((value) => value !== undefined);
    return values.length === 0 ? null : spreadOf(values);
  };
  return {
    importMs: of((sample) => sample.importMs)!,
    firstCallMs: of((sample) => sample.firstCallMs),
    firstEcsMs: of((sample) => sample.firstEcsMs),
    processMs: of((sample) => sample.processMs)!,
    rssMb: of((sample) => sample.rssMb)!,
  };
}
