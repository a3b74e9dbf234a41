import { readFileSync } from 'node:fs';
import { REGION_ID } from '../shared/inbound/names.ts';
import { parseWebhookSecret, type WebhookSecret } from '../shared/inbound/webhook-secret.ts';
import { type Api, apiClient } from './api/client.ts';
import { usageError } from './exit.ts';
import type { Io } from './io.ts';
import { LOCAL_REGION, localSecret } from './local-cloud.ts';
import { plain } from './show/text.ts';
import { type Place, type DeploymentFlags, deploymentOf } from './deployment.ts';

/** The flags of every command that talks to the webhook. */
export interface WebhookFlags extends DeploymentFlags {
  readonly secretFile?: string;
}

export interface Webhook {
  readonly api: Api;
  /** The same, for what shows by itself when there is no answer. */
  readonly quietApi: Api;
  readonly place: Place;
}

/** The webhook, as one who may ask. A local cloud that nobody named is named on `err`. */
export function webhookOf(flags: WebhookFlags, io: Io): Webhook {
  const place = deploymentOf(flags, io);
  const { url } = place;
  if (url === undefined) throw usageError('Cannot ask Latchkey: no URL: --url or LATCHKEY_URL');
  if (place.kind === 'local' && flags.local === undefined && io.err.isTerminal) {
    io.err.write(`local cloud, port base ${place.portBase}\n`);
  }
  const options = { url, secret: secretOf(place, flags, io) };
  return {
    api: apiClient(options, io, (text) => io.err.write(`${plain(text)}\n`)),
    quietApi: apiClient(options, io, () => {}),
    place,
  };
}

/** Never from the command line: that is seen by everybody on the machine, and kept in its history. */
function secretOf(place: Place, { secretFile }: WebhookFlags, io: Io): WebhookSecret {
  const { env, projectFolder } = io;
  // A local cloud makes a secret of its own each time; the environment's is meant for elsewhere.
  const ofLocal =
    place.kind === 'local' && secretFile === undefined
      ? localSecret(projectFolder, place.portBase)
      : undefined;
  const file = secretFile ?? (env['LATCHKEY_SECRET_FILE'] || undefined);
  const given = file === undefined ? env['LATCHKEY_SECRET'] || undefined : () => readSecret(file);
  const text = ofLocal ?? (typeof given === 'function' ? given() : given);
  if (text === undefined) {
    throw usageError(
      'Cannot sign: no secret',
      'set LATCHKEY_SECRET_FILE (or --secret-file) to a file that holds it, or LATCHKEY_SECRET',
    );
  }
  try {
    // A file may hold two while they change: the first is the one to sign with.
    return parseWebhookSecret(text.trim().split(/[\s,]+/)[0]!);
  } catch (cause) {
    throw usageError((cause as Error).message);
  }
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(`Cannot read the secret from "${file}": ${code ?? 'not readable'}`);
  }
}

/** A request names the region, so that none is carried out in another than was meant. */
export function regionOf(flag: string | undefined, place: Place, { env }: Io): string {
  const given = flag ?? (place.kind === 'local' ? LOCAL_REGION : env['REGION_ID'] || undefined);
  if (given === undefined) throw usageError('Cannot ask: no region: --region or REGION_ID');
  if (REGION_ID.test(given)) return given;
  throw usageError(`Cannot use region "${given}": must be a region, such as "cn-hangzhou"`);
}
