import type { Platform } from '../domain/model/chat.ts';
import { type FieldFault, LatchkeyError } from '../domain/model/errors.ts';
import type { LogLevel } from '../domain/model/ports.ts';
import { LOOPBACK } from '../lib/loopback.ts';
import { REGION_ID } from '../contract/names.ts';
import { readSecrets, type SecretNames, type Secrets } from './secrets.ts';

/** What a deployment sets (design.md §6.3). */
export interface Settings extends Secrets {
  readonly regionId: string;
  /** A URL; undefined for the region's own endpoint, which the SDK knows. */
  readonly ecsEndpoint: string | undefined;
  readonly smqEndpoint: string;
  readonly smqQueue: string;
  readonly smqDeadLetterQueue: string;
  /** Of the function `messenger`; null in a function that is not given one. */
  readonly smqChatQueue: string | null;
  /** Each of a loopback host, in place of the platform's own hosts; undefined for these. */
  readonly chatEndpoints: Readonly<Record<Platform, string | undefined>>;
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
 * Reads the settings of a function when it starts. An endpoint that is left out is the service's own:
 * `https://<account>.mns.<region>.aliyuncs.com`, `https://<instance>.<region>.ots.aliyuncs.com`
 * (https://www.alibabacloud.com/help/doc-detail/31726.htm).
 *
 * @param options.accountId of the function's own account: SMQ's host begins with it
 * @param options.secretNames the variables with the secrets that the function cannot do without: what
 * it does not need it does not read
 * @throws {LatchkeyError} `not-valid`: one line for each fault, naming the variable, its value and
 * the rule; never the value of a secret
 */
export function readEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly accountId: string; readonly secretNames?: SecretNames },
): Settings {
  const faults: FieldFault[] = [];
  const fault = (name: string, detail: string) => faults.push({ path: [name], detail });

  /** '' when there is a fault: nothing is returned then. */
  const text = (name: string, rule: string, pattern: RegExp): string => {
    const value = env[name];
    if (value === undefined || value === '') fault(name, `is missing: must be ${rule}`);
    else if (!pattern.test(value)) fault(name, `is ${JSON.stringify(value)}: must be ${rule}`);
    else return value;
    return '';
  };
  const endpoint = (name: string): string | undefined => {
    const value = env[name];
    if (value === undefined || value === '') return undefined;
    const why = endpointFault(value);
    if (why !== undefined) fault(name, `is ${JSON.stringify(value)}: ${why}`);
    return value;
  };

  const loopback = (name: string): string | undefined => {
    const value = endpoint(name);
    if (value === undefined || endpointFault(value) !== undefined) return value;
    if (LOOPBACK.test(new URL(value).hostname)) return value;
    // Tokens and answers go there: no setting sends them to another host than the platform's own.
    fault(name, `is ${JSON.stringify(value)}: must be a URL of a loopback host, or left out`);
    return undefined;
  };

  const regionId = text('REGION_ID', 'a region, such as "cn-hangzhou"', REGION_ID);
  const queueRule = '1 to 120 letters, digits and hyphens';
  const smqQueue = text('SMQ_QUEUE', queueRule, QUEUE_NAME);
  const smqDeadLetterQueue = text('SMQ_DEAD_LETTER_QUEUE', queueRule, QUEUE_NAME);
  const tablestoreInstance = text(
    'TABLESTORE_INSTANCE',
    '3 to 16 letters, digits and hyphens, a letter first',
    TABLESTORE_INSTANCE,
  );
  const settings: Settings = {
    regionId,
    ecsEndpoint: endpoint('ECS_ENDPOINT'),
    smqEndpoint:
      endpoint('SMQ_ENDPOINT') ?? `https://${options.accountId}.mns.${regionId}.aliyuncs.com`,
    smqQueue,
    smqDeadLetterQueue,
    smqChatQueue: hasValue(env['SMQ_CHAT_QUEUE'])
      ? text('SMQ_CHAT_QUEUE', queueRule, QUEUE_NAME)
      : null,
    chatEndpoints: {
      slack: loopback('SLACK_ENDPOINT'),
      dingtalk: loopback('DINGTALK_ENDPOINT'),
      feishu: loopback('FEISHU_ENDPOINT'),
    },
    tablestoreEndpoint:
      endpoint('TABLESTORE_ENDPOINT') ??
      `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    ...readSecrets(env, options.secretNames ?? {}, fault),
    logLevel: logLevel(env['LOG_LEVEL'], fault),
  };
  if (faults.length === 0) return settings;
  const lines = faults.map(({ path, detail }) => `Cannot start: ${path.join('')} ${detail}`);
  throw new LatchkeyError('not-valid', lines.join('\n'), { faults });
}

type Fault = (name: string, detail: string) => void;

function hasValue(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}

function logLevel(value: string | undefined, fault: Fault): LogLevel {
  if (value === undefined || value === '') return 'info';
  const level = LOG_LEVELS.find((known) => known === value);
  if (level === undefined) {
    fault('LOG_LEVEL', `is ${JSON.stringify(value)}: must be one of ${LOG_LEVELS.join(', ')}`);
  }
  return level ?? 'info';
}

/** Over plain http, whoever is in between reads the credentials. */
function endpointFault(value: string): string | undefined {
  if (!URL.canParse(value)) return 'must be a URL';
  const { protocol, hostname, pathname, search, hash, username } = new URL(value);
  if (pathname !== '/' || search !== '' || hash !== '' || username !== '') {
    return 'must be a URL of a host, without a path';
  }
  if (protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname))) {
    return undefined;
  }
  return 'must be https, or http of a loopback host';
}
