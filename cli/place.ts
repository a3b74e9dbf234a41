import { LOOPBACK } from '../shared/lib/loopback.ts';
import { parseEndpoint } from '../shared/outbound/endpoint.ts';
import { usageError } from './exit.ts';
import type { Io } from './io.ts';
import { localEndpoints, localPortBases, localSecret } from './local-cloud.ts';

/** Which Latchkey is meant. */
export type Place =
  | { readonly kind: 'local'; readonly portBase: number; readonly url: string }
  /** `url` is undefined where nothing but the cloud itself is asked. */
  | { readonly kind: 'account'; readonly url: string | undefined };

/** The flags that say which. */
export interface PlaceFlags {
  readonly url?: string;
  readonly local?: string;
}

/** The last port in use is the base + 10. */
const MAX_PORT_BASE = 65_525;

/**
 * What the flags say, else `LATCHKEY_URL`, else the local cloud that runs.
 *
 * @throws {CliError} `usage` when it is nowhere said, or not clear
 */
export function placeOf(flags: PlaceFlags, io: Io): Place {
  const { env, projectFolder } = io;
  if (flags.url !== undefined && flags.local !== undefined) {
    throw usageError('Cannot use --url and --local together: they name two places');
  }
  if (flags.local !== undefined) return localPlace(portBaseOf(flags.local), io);
  if (flags.url !== undefined) return placeAt(flags.url, '--url', projectFolder);
  const url = env['LATCHKEY_URL'] ?? '';
  if (url !== '') return placeAt(url, 'LATCHKEY_URL', projectFolder);
  return runningPlace(io);
}

/** For what asks the cloud itself: an account that the environment names comes before a local cloud. */
export function cloudPlaceOf(flags: PlaceFlags, io: Io): Place {
  const isSaid = [flags.url, flags.local, io.env['LATCHKEY_URL'] || undefined].some(
    (one) => one !== undefined,
  );
  if (!isSaid && (io.env['REGION_ID'] ?? '') !== '') return { kind: 'account', url: undefined };
  return placeOf(flags, io);
}

function placeAt(text: string, from: string, projectFolder: string): Place {
  let url: URL;
  try {
    url = parseEndpoint(text);
  } catch (cause) {
    throw usageError(`Cannot use ${from}: ${(cause as Error).message}`);
  }
  const portBase = Number(url.port);
  const isLocal = LOOPBACK.test(url.hostname) && localSecret(projectFolder, portBase) !== undefined;
  return isLocal
    ? { kind: 'local', portBase, url: url.origin }
    : { kind: 'account', url: url.origin };
}

function runningPlace(io: Io): Place {
  const [first, ...others] = localPortBases(io.projectFolder);
  if (first === undefined) {
    throw usageError(
      'Cannot tell where Latchkey is: no URL, and no local cloud is running',
      'set LATCHKEY_URL (or --url) to the URL of the function attach, and LATCHKEY_SECRET_FILE (or --secret-file)',
      'or start a local cloud: npm start',
    );
  }
  if (others.length > 0) {
    const all = [first, ...others].join(', ');
    throw usageError(
      `Cannot tell which local cloud is meant: there are ${all}`,
      `choose one: --local ${first}`,
    );
  }
  return localPlace(first, io);
}

function localPlace(portBase: number, { projectFolder }: Io): Place {
  if (localSecret(projectFolder, portBase) === undefined) {
    throw usageError(
      `Cannot use local cloud "${portBase}": none is running there`,
      `start it: npm start -- --port-base ${portBase}`,
    );
  }
  return { kind: 'local', portBase, url: localEndpoints(portBase).webhook };
}

function portBaseOf(text: string): number {
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port >= 1 && port <= MAX_PORT_BASE) return port;
  throw usageError(`Cannot use --local "${text}": must be a port from 1 to ${MAX_PORT_BASE}`);
}
