import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A share of one core, for all programs together that run in it. */
export interface CpuQuota {
  /** @returns the command to run in place of `program` with `args` */
  limited(program: string, args: readonly string[]): readonly [string, readonly string[]];
  /** Call it when none of the programs runs any more. */
  remove(): void;
}

/**
 * The period is short so that a start of 30 ms is slowed down like one of 3 s. With the kernel's default
 * of 100 ms, a short start would fit into the first period. The period of Function Compute is not
 * documented. Our own choice.
 */
const PERIOD_US = 10_000;

const ROOT = '/sys/fs/cgroup';

/**
 * A control group of Linux, version 1 or 2 (https://docs.kernel.org/scheduler/sched-bwc.html).
 *
 * @returns undefined where this machine has no control groups, or does not let us create one
 */
export function cpuQuota(cores: number): CpuQuota | undefined {
  const quotaUs = String(Math.round(cores * PERIOD_US));
  const name = `latchkey-bench-${process.pid}`;
  try {
    if (existsSync(join(ROOT, 'cpu/cpu.cfs_quota_us'))) {
      return group(join(ROOT, 'cpu', name), {
        'cpu.cfs_period_us': String(PERIOD_US),
        'cpu.cfs_quota_us': quotaUs,
      });
    }
    const controllers = join(ROOT, 'cgroup.controllers');
    if (!existsSync(controllers) || !readFileSync(controllers, 'utf8').includes('cpu')) return;
    writeFileSync(join(ROOT, 'cgroup.subtree_control'), '+cpu');
    return group(join(ROOT, name), { 'cpu.max': `${quotaUs} ${PERIOD_US}` });
  } catch {
    return undefined;
  }
}

function group(folder: string, settings: Readonly<Record<string, string>>): CpuQuota {
  mkdirSync(folder);
  try {
    for (const [file, text] of Object.entries(settings)) writeFileSync(join(folder, file), text);
  } catch (error) {
    rmdirSync(folder);
    throw error;
  }
  // The shell enters the group and then becomes the program, so all of the program runs inside.
  const enter = 'echo $$ > "$0/cgroup.procs" && exec "$@"';
  return {
    limited: (program, args) => ['/bin/sh', ['-c', enter, folder, program, ...args]],
    remove: () => rmdirSync(folder),
  };
}
