import { LOOPBACK } from '../shared/lib/loopback.ts';
import { parseEndpoint } from '../shared/outbound/endpoint.ts';
import { usageError } from './exit.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { localSettings, localPortBases, localSecret } from './local-cloud.ts';
import { readNumber } from './read-argument.ts';

/** The Latchkey that a command talks to. */
export type Deployment =
  | { readonly kind: 'local'; readonly portBase: number; readonly url: string }
  | { readonly kind: 'account'; readonly url: string };
/** The cloud whose APIs a command calls. */
export type CloudDeployment =
  | { readonly kind: 'local'; readonly portBase: number }
  | { readonly kind: 'account' };

/** A local cloud uses the ports from its base to base + 10. */
const MAX_PORT_BASE = 65_525;

/**
 * Chooses by the flags, else by `LATCHKEY_URL`, else takes the local cloud that runs.
 *
 * @throws {CliError} `usage` when nothing chooses one, or the choice is ambiguous
 */
export function deploymentOf(flags: Flags, io: Io): Deployment {
  const { env, projectFolder } = io;
  if (flags.url !== undefined && flags.local !== undefined) {
    throw usageError('Cannot use --url and --local together: they name two deployments');
  }
  if (flags.local !== undefined) {
    return localDeployment(readNumber('--local', flags.local, MAX_PORT_BASE, 'a port'), io);
  }
  if (flags.url !== undefined) return deploymentAt(flags.url, '--url', projectFolder);
  const url = env['LATCHKEY_URL'] ?? '';
  if (url !== '') return deploymentAt(url, 'LATCHKEY_URL', projectFolder);
  return runningDeployment(io);
}

/** For commands that call the cloud's APIs: with `REGION_ID` set, the account wins over a running local cloud. */
export function cloudDeploymentOf(flags: Flags, io: Io): CloudDeployment {
  const isChosen =
    (flags.url ?? flags.local ?? (io.env['LATCHKEY_URL'] || undefined)) !== undefined;
  if (!isChosen && (io.env['REGION_ID'] ?? '') !== '') return { kind: 'account' };
  return deploymentOf(flags, io);
}

/** The settings of the functions. Those of the environment belong to the account. */
export function settingsOf(deployment: CloudDeployment, { env }: Io): Io['env'] {
  return deployment.kind === 'local' ? localSettings(deployment.portBase) : env;
}

function deploymentAt(text: string, from: string, projectFolder: string): Deployment {
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

function runningDeployment(io: Io): Deployment {
  const [first, ...others] = localPortBases(io.projectFolder);
  if (first === undefined) {
    throw usageError(
      'Cannot find Latchkey: no URL is given, and no local cloud is running',
      'set LATCHKEY_URL (or --url) to the URL of the function attach, and LATCHKEY_SECRET_FILE (or --secret-file)',
      'or start a local cloud: npm start',
    );
  }
  if (others.length > 0) {
    const all = [first, ...others].join(', ');
    throw usageError(
      `Cannot choose a local cloud: several are running: ${all}`,
      `choose one: --local ${first}`,
    );
  }
  return localDeployment(first, io);
}

function localDeployment(portBase: number, { projectFolder }: Io): Deployment {
  if (localSecret(projectFolder, portBase) === undefined) {
    throw usageError(
      `Cannot use local cloud "${portBase}": none is running there`,
      `start it: npm start -- --port-base ${portBase}`,
    );
  }
  return { kind: 'local', portBase, url: localSettings(portBase).LATCHKEY_URL };
}
