import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from './exit.ts';

/**
 * The local cloud of this repository (docs/local-cloud.md). It keeps its webhook secret in a file while it
 * runs. A local cloud that was killed leaves the file behind.
 */

/** The region of every local cloud: docs/local-cloud.md. */
export const LOCAL_REGION = 'cn-hangzhou';
const FILE = /^webhook-secret-([0-9]{1,5})$/;

/** URLs of the services of one local cloud. */
export function localEndpoints(portBase: number) {
  const at = (offset: number) => `http://127.0.0.1:${portBase + offset}`;
  return { webhook: at(0), ecs: at(1), smq: at(2), tablestore: at(3), fc: at(4) };
}

/**
 * The region to use with a local cloud.
 *
 * @throws {CliError} `usage` for any region other than the local cloud's
 */
export function localRegion(flag: string | undefined): string {
  if (flag === undefined || flag === LOCAL_REGION) return LOCAL_REGION;
  throw usageError(`Cannot use region "${flag}": the local cloud is in ${LOCAL_REGION}`);
}

/** Port bases of the local clouds that seem to run, in ascending order. */
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

/** The webhook secret of a local cloud; undefined when none runs at that port base. */
export function localSecret(projectFolder: string, portBase: number): string | undefined {
  try {
    return readFileSync(join(projectFolder, '.local', `webhook-secret-${portBase}`), 'utf8').trim();
  } catch {
    return undefined;
  }
}
