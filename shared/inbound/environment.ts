import { type Platform, PLATFORMS } from '../domain/model/chat.ts';
import { type FieldFault, LatchkeyError } from '../domain/model/errors.ts';
import type { LogLevel } from '../domain/model/ports.ts';
import { LOOPBACK } from '../lib/loopback.ts';
import { REGION_ID } from '../contract/names.ts';
import { type AddFault, readSecrets, type SecretNames, type Secrets } from './secrets.ts';

/** The environment variables of a function, as s.yaml sets them. */
export interface Settings extends Secrets {
  readonly regionId: string;
  /** A URL; undefined for the region's own endpoint, which the SDK knows. */
  readonly ecsEndpoint: string | undefined;
  readonly smqEndpoint: string;
  readonly smqQueue: string;
  readonly smqDeadLetterQueue: string;
  /** The queue of the function `messenger`; null in a function that is not given one. */
  readonly smqChatQueue: string | null;
  /** For tests, a loopback host in place of the platform's; undefined for the platform's own hosts. */
  readonly chatEndpoints: Readonly<Partial<Record<Platform, string | undefined>>>;
  readonly tablestoreEndpoint: string;
  readonly tablestoreInstance: string;
  readonly logLevel: LogLevel;
}

/** https://www.alibabacloud.com/help/en/mns/developer-reference/queue-queue */
const QUEUE_NAME = /^[A-Za-z0-9][A-Za-z0-9-]{0,119}$/;
/** https://help.aliyun.com/zh/tablestore/product-overview/instance */
const TABLESTORE_INSTANCE = /^[A-Za-z][A-Za-z0-9-]{1,14}[A-Za-z0-9]$/;
const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * Reads the settings of a function when it starts. Without an endpoint, the service's own is used:
 * `https://<account>.mns.<region>.aliyuncs.com`, `https://<instance>.<region>.ots.aliyuncs.com`
 * (https://www.alibabacloud.com/help/doc-detail/31726.htm).
 *
 * @param options.accountId of the function's own account: SMQ's host begins with it
 * @param options.secretNames the secrets that the function needs: it reads no others
 * @throws {LatchkeyError} `not-valid`: one line for each fault, with the variable, its value and the rule;
 * never the value of a secret
 */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly accountId: string; readonly secretNames?: SecretNames },
): Settings {
  const faults: FieldFault[] = [];
  const fault: AddFault = (name, detail) => faults.push({ path: [name], detail });
  const wrong = (name: string, rule: string) =>
    fault(name, `is ${JSON.stringify(env[name])}: must be ${rule}`);

  const text = (name: string, rule: string, pattern: RegExp): string => {
    const value = env[name] ?? '';
    if (value === '') fault(name, `is missing: must be ${rule}`);
    else if (!pattern.test(value)) wrong(name, rule);
    return value;
  };
  const queue = (name: string) => text(name, '1 to 120 letters, digits and hyphens', QUEUE_NAME);
  const endpoint = (name: string, onlyLoopback = false): string | undefined => {
    const value = env[name];
    if (!value) return undefined;
    const rule = endpointFault(value, onlyLoopback);
    if (rule !== undefined) wrong(name, rule);
    return value;
  };

  const regionId = text('REGION_ID', 'a region, such as "cn-hangzhou"', REGION_ID);
  const tablestoreInstance = text(
    'TABLESTORE_INSTANCE',
    '3 to 16 letters, digits and hyphens, a letter first',
    TABLESTORE_INSTANCE,
  );
  const logLevel = LOG_LEVELS.find((known) => known === (env['LOG_LEVEL'] || 'info'));
  if (logLevel === undefined) wrong('LOG_LEVEL', `one of ${LOG_LEVELS.join(', ')}`);
  const settings: Settings = {
    regionId,
    ecsEndpoint: endpoint('ECS_ENDPOINT'),
    smqEndpoint:
      endpoint('SMQ_ENDPOINT') ?? `https://${options.accountId}.mns.${regionId}.aliyuncs.com`,
    smqQueue: queue('SMQ_QUEUE'),
    smqDeadLetterQueue: queue('SMQ_DEAD_LETTER_QUEUE'),
    smqChatQueue: env['SMQ_CHAT_QUEUE'] ? queue('SMQ_CHAT_QUEUE') : null,
    // Tokens are sent to these hosts: no setting may send them to a host that is not the platform's own.
    chatEndpoints: Object.fromEntries(
      PLATFORMS.map((platform) => [platform, endpoint(`${platform.toUpperCase()}_ENDPOINT`, true)]),
    ),
    tablestoreEndpoint:
      endpoint('TABLESTORE_ENDPOINT') ??
      `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    ...readSecrets(env, options.secretNames ?? {}, fault),
    logLevel: logLevel ?? 'info',
  };
  if (faults.length === 0) return settings;
  const lines = faults.map(({ path, detail }) => `Cannot start: ${path.join('')} ${detail}`);
  throw new LatchkeyError('not-valid', lines.join('\n'), { faults });
}

/** The rule that the URL breaks. Plain http would show the credentials to everybody on the way. */
function endpointFault(value: string, onlyLoopback: boolean): string | undefined {
  if (!URL.canParse(value)) return 'a URL';
  const { protocol, hostname, pathname, search, hash, username } = new URL(value);
  if (pathname !== '/' || search !== '' || hash !== '' || username !== '') {
    return 'a URL of a host, without a path';
  }
  const isLoopback = LOOPBACK.test(hostname);
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback)) {
    return 'https, or http of a loopback host';
  }
  return onlyLoopback && !isLoopback ? 'a URL of a loopback host, or left out' : undefined;
}
