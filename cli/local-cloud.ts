import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The local cloud of this repository (docs/local-cloud.md). It keeps its webhook secret in a file while it
 * runs. A local cloud that was killed leaves the file behind.
 */

const FILE = /^webhook-secret-([0-9]{1,5})$/;

const localUrl = (port: number) => `http://127.0.0.1:${port}`;

/** What the environment of an account holds, for one local cloud. */
export function localSettings(portBase: number) {
  return {
    REGION_ID: 'cn-hangzhou',
    LATCHKEY_URL: localUrl(portBase),
    ACCOUNT_ID: '1000000000000000',
    ECS_ENDPOINT: localUrl(portBase + 1),
    SMQ_ENDPOINT: localUrl(portBase + 2),
    TABLESTORE_ENDPOINT: localUrl(portBase + 3),
    TABLESTORE_INSTANCE: 'latchkey',
    FC_ENDPOINT: localUrl(portBase + 4),
  };
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
