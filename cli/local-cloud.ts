import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from './exit.ts';

/**
 * The local cloud of this project (docs/local-cloud.md). It leaves its webhook secret in a file while it
 * runs; one that was killed leaves it for longer.
 */

/** Of every local cloud: docs/local-cloud.md. */
export const LOCAL_REGION = 'cn-hangzhou';
const FILE = /^webhook-secret-([0-9]{1,5})$/;

/** Where the services of one local cloud are. */
export function localEndpoints(portBase: number) {
  const at = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  return { webhook: at(0), ecs: at(1), smq: at(2), tablestore: at(3), fc: at(4), control: at(9) };
}

/**
 * The region that is meant, where a local cloud is.
 *
 * @throws {CliError} `usage` for any other than that of every local cloud
 */
export function localRegion(flag: string | undefined): string {
  if (flag === undefined || flag === LOCAL_REGION) return LOCAL_REGION;
  throw usageError(`Cannot use region "${flag}": the local cloud is in ${LOCAL_REGION}`);
}

/** The first ports of those that seem to run, the lowest first. */
export function localPortBases(projectFolder: string): number[] {
  try {
    const ports = readdirSync(join(projectFolder, '.local')).flatMap((name) => {
      const [, port] = FILE.exec(name) ?? [];
      return port === undefined ? [] : [Number(port)];
    });
    return ports.toSorted((a, b) => a - b);
  } catch {
    return [];
  }
}

/** undefined when none runs there. */
export function localSecret(projectFolder: string, portBase: number): string | undefined {
  try {
    return readFileSync(join(projectFolder, '.local', `webhook-secret-${portBase}`), 'utf8').trim();
  } catch {
    return undefined;
  }
}
