import { fcCredentials } from '../../shared/outbound/credentials.ts';
import { type CloudDeployment, cloudDeploymentOf, settingsOf } from '../deployment.ts';
import { usageError } from '../exit.ts';
import type { Flags } from '../flags.ts';
import type { Io } from '../io.ts';
import type { OperatorAccess } from '../operator/operator-ports.ts';
import { readAccountId, readRegion } from '../read-argument.ts';
import type { CloudAccess } from './cloud-ports.ts';

/** The same for every local cloud (docs/local-cloud.md), so no secret. */
const LOCAL_CREDENTIALS = {
  accessKeyId: 'latchkey-local',
  accessKeySecret: 'latchkey-local-secret',
};

/**
 * How to call the cloud of a deployment: the local cloud, else the account that the environment names. The
 * variables are those of the functions: `REGION_ID`, `TABLESTORE_INSTANCE`, and `ECS_ENDPOINT` and
 * `TABLESTORE_ENDPOINT` in place of the services' own. Credentials come from the default chain of
 * `@alicloud/credentials`.
 *
 * @throws {CliError} `usage` when a setting is missing
 */
export function cloudAccess(
  deployment: CloudDeployment,
  region: string | undefined,
  io: Io,
): CloudAccess {
  const isLocal = deployment.kind === 'local';
  const settings = settingsOf(deployment, io);
  const regionId =
    region ?? requiredSetting(settings, 'REGION_ID', 'the region, unless --region is given');
  if (isLocal && regionId !== settings['REGION_ID']) {
    const local = settings['REGION_ID'];
    throw usageError(`Cannot use region "${regionId}": the local cloud is in ${local}`);
  }
  const tablestoreInstance = requiredSetting(
    settings,
    'TABLESTORE_INSTANCE',
    'the Tablestore instance that holds the tables of Latchkey',
  );
  return {
    regionId: readRegion(regionId),
    ecsEndpoint: settings['ECS_ENDPOINT'] || undefined,
    tablestoreEndpoint:
      settings['TABLESTORE_ENDPOINT'] ||
      `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    credentials: isLocal ? () => Promise.resolve(LOCAL_CREDENTIALS) : fcCredentials().source,
  };
}

/** @throws {CliError} `usage` when the variable is missing or empty */
function requiredSetting(settings: Io['env'], name: string, meaning: string): string {
  const value = settings[name] || undefined;
  if (value !== undefined) return value;
  throw usageError(`Cannot call the cloud: ${name} is missing: ${meaning}`);
}

/** The names in s.yaml. */
const QUEUES = { results: 'latchkey-results', chat: 'latchkey-chat', deadLetters: 'latchkey-dead' };

/**
 * How to call everything that an operator needs: `cloudAccess`, and the account's queues and functions. The
 * environment variables are those of the functions, and `ACCOUNT_ID`.
 *
 * @throws {CliError} `usage` when a setting is missing
 */
export function operatorAccess(flags: Flags, io: Io): OperatorAccess {
  const deployment = cloudDeploymentOf(flags, io);
  const access = cloudAccess(deployment, flags.region, io);
  const settings = settingsOf(deployment, io);
  const accountId = readAccountId(
    requiredSetting(settings, 'ACCOUNT_ID', 'the account id, in digits'),
  );
  const { regionId } = access;
  return {
    ...access,
    accountId,
    smqEndpoint: settings['SMQ_ENDPOINT'] || `https://${accountId}.mns.${regionId}.aliyuncs.com`,
    // https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-endpoint
    fcEndpoint: settings['FC_ENDPOINT'] || `https://${accountId}.${regionId}.fc.aliyuncs.com`,
    queues: {
      results: settings['SMQ_QUEUE'] || QUEUES.results,
      chat: settings['SMQ_CHAT_QUEUE'] || QUEUES.chat,
      deadLetters: settings['SMQ_DEAD_LETTER_QUEUE'] || QUEUES.deadLetters,
    },
  };
}
