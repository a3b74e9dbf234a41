import { LOCAL_ACCOUNT, LOCAL_CREDENTIALS, LOCAL_INSTANCE } from '../cloud/cloud-access.ts';
import { REGION_ID } from '../../shared/inbound/names.ts';
import { fcCredentials } from '../../shared/outbound/credentials.ts';
import { usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { localEndpoints, localRegion } from '../local-cloud.ts';
import { cloudDeploymentOf, type DeploymentFlags } from '../deployment.ts';
import type { OperatorAccess } from './operator-ports.ts';

export interface OperatorFlags extends DeploymentFlags {
  readonly region?: string;
}

/** As s.yaml names them. */
const QUEUES = { results: 'latchkey-results', chat: 'latchkey-chat', deadLetters: 'latchkey-dead' };

/**
 * The local cloud, else what the environment says, as it does to the functions, and `ACCOUNT_ID`.
 *
 * @throws {CliError} `usage` when a setting is missing
 */
export function operatorAccess(flags: OperatorFlags, io: Io): OperatorAccess {
  const { env } = io;
  const setting = (name: string) => env[name] || undefined;
  const queues = {
    results: setting('SMQ_QUEUE') ?? QUEUES.results,
    chat: setting('SMQ_CHAT_QUEUE') ?? QUEUES.chat,
    deadLetters: setting('SMQ_DEAD_LETTER_QUEUE') ?? QUEUES.deadLetters,
  };
  const place = cloudDeploymentOf(flags, io);
  if (place.kind === 'local') {
    const { ecs, smq, tablestore, fc } = localEndpoints(place.portBase);
    return {
      regionId: localRegion(flags.region),
      accountId: LOCAL_ACCOUNT,
      ecsEndpoint: ecs,
      smqEndpoint: smq,
      tablestoreEndpoint: tablestore,
      tablestoreInstance: LOCAL_INSTANCE,
      fcEndpoint: fc,
      queues: QUEUES,
      credentials: () => Promise.resolve(LOCAL_CREDENTIALS),
    };
  }
  const must = (name: string, what: string, given = setting(name)) => {
    if (given !== undefined) return given;
    throw usageError(`Cannot ask the cloud: ${name} is missing: ${what}`);
  };
  const regionId = must(
    'REGION_ID',
    'the region, or --region',
    flags.region ?? setting('REGION_ID'),
  );
  if (!REGION_ID.test(regionId)) {
    throw usageError(`Cannot use region "${regionId}": must be a region, such as "cn-hangzhou"`);
  }
  const accountId = must('ACCOUNT_ID', 'the account, in digits: hosts of queues begin with it');
  if (!/^[0-9]{10,20}$/.test(accountId)) {
    throw usageError(`Cannot use ACCOUNT_ID "${accountId}": must be 10 to 20 digits`);
  }
  const tablestoreInstance = must('TABLESTORE_INSTANCE', 'the instance that holds the tables');
  return {
    regionId,
    accountId,
    ecsEndpoint: setting('ECS_ENDPOINT'),
    smqEndpoint: setting('SMQ_ENDPOINT') ?? `https://${accountId}.mns.${regionId}.aliyuncs.com`,
    tablestoreEndpoint:
      setting('TABLESTORE_ENDPOINT') ??
      `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    // https://www.alibabacloud.com/help/en/functioncompute/fc/developer-reference/api-fc-2023-03-30-endpoint
    fcEndpoint: setting('FC_ENDPOINT') ?? `https://${accountId}.${regionId}.fc.aliyuncs.com`,
    queues,
    credentials: fcCredentials().source,
  };
}
