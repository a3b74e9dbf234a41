import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { FleetSeed } from '../cloud/ecs/index.ts';
import { SMALL_FLEET } from './small-fleet.ts';

export const USAGE = `Usage: npm start -- [options]

Runs the functions of this project against a local Alibaba Cloud, until Ctrl-C.

  --port-base <n>   the first of the ports (default 9000)
  --seed <file>     a fleet as JSON, instead of the small one
  --help            this text`;

/** Our own choice. */
const DEFAULT_PORT_BASE = 9_000;
/** The last port in use is the base + 10. */
const MAX_PORT_BASE = 65_525;
export interface StartOptions {
  readonly portBase: number;
  readonly fleet: FleetSeed;
}

/** An error whose message is all that the user needs. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * @returns undefined for `--help`
 * @throws {UsageError}
 */
export function readOptions(): StartOptions | undefined {
  const { values } = parse();
  if (values.help === true) return undefined;
  const text = values['port-base'];
  const portBase = text === undefined ? DEFAULT_PORT_BASE : Number(text);
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > MAX_PORT_BASE) {
    throw new UsageError(
      `Cannot use --port-base "${text}": it must be a whole number from 1 to ${MAX_PORT_BASE}`,
    );
  }
  return { portBase, fleet: values.seed === undefined ? SMALL_FLEET : readFleet(values.seed) };
}

function parse() {
  try {
    return parseArgs({
      options: {
        'port-base': { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new UsageError(`Cannot start: ${(cause as Error).message}`, { cause });
  }
}

function readFleet(path: string): FleetSeed {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FleetSeed;
  } catch (cause) {
    throw new UsageError(`Cannot read "${path}": ${(cause as Error).message}`, { cause });
  }
}
