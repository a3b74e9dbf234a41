import { parseWebhookSecret, type WebhookSecret } from '../shared/contract/webhook-secret.ts';
import { type Api, apiClient } from './api/client.ts';
import { type Deployment, deploymentOf, settingsOf } from './deployment.ts';
import { usageError } from './exit.ts';
import type { Flags } from './flags.ts';
import type { Io } from './io.ts';
import { localSecret } from './local-cloud.ts';
import { readFile, readRegion } from './read-argument.ts';
import { plain } from './show/text.ts';

export interface Webhook {
  readonly api: Api;
  /** The same API without messages about retries, for callers that show connection problems themselves. */
  readonly quietApi: Api;
  readonly deployment: Deployment;
}

/** The webhook, with a secret to sign with. Names the local cloud on `err` when no flag chose it. */
export function webhookOf(flags: Flags, io: Io): Webhook {
  const deployment = deploymentOf(flags, io);
  const { url } = deployment;
  if (deployment.kind === 'local' && flags.local === undefined && io.err.isTerminal) {
    io.err.write(`local cloud, port base ${deployment.portBase}\n`);
  }
  const options = { url, secret: secretOf(deployment, flags, io) };
  return {
    api: apiClient(options, io, (text) => io.err.write(`${plain(text)}\n`)),
    quietApi: apiClient(options, io, () => {}),
    deployment,
  };
}

/** Never a flag: every user of the machine can see command lines, and shells keep them in their history. */
function secretOf(deployment: Deployment, { secretFile }: Flags, io: Io): WebhookSecret {
  const text = secretText(deployment, secretFile, io);
  if (text === undefined) {
    throw usageError(
      'Cannot sign the request: no secret is given',
      'set LATCHKEY_SECRET_FILE (or --secret-file) to a file that holds it, or LATCHKEY_SECRET',
    );
  }
  try {
    // During a rotation a file may hold two secrets. The first one signs.
    return parseWebhookSecret(text.trim().split(/[\s,]+/)[0]!);
  } catch (cause) {
    throw usageError((cause as Error).message);
  }
}

function secretText(
  deployment: Deployment,
  secretFile: string | undefined,
  { env, projectFolder }: Io,
): string | undefined {
  // A local cloud makes a new secret at each start. The environment's secret belongs to another deployment.
  if (deployment.kind === 'local' && secretFile === undefined) {
    const local = localSecret(projectFolder, deployment.portBase);
    if (local !== undefined) return local;
  }
  const file = secretFile ?? (env['LATCHKEY_SECRET_FILE'] || undefined);
  if (file !== undefined) return readFile('the secret', file).toString('utf8');
  return env['LATCHKEY_SECRET'] || undefined;
}

/** The region of a request. Requests name it, so that no other region carries them out. */
export function regionOf(flag: string | undefined, deployment: Deployment, io: Io): string {
  const region = flag ?? (settingsOf(deployment, io)['REGION_ID'] || undefined);
  if (region === undefined) throw usageError('Cannot choose a region: set --region or REGION_ID');
  return readRegion(region);
}
