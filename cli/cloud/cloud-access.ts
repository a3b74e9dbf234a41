import { fcCredentials } from '../../shared/outbound/credentials.ts';
import type { Deployment } from '../deployment.ts';
import { usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { localEndpoints, localRegion } from '../local-cloud.ts';
import { readRegion } from '../read-argument.ts';
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
  deployment: Deployment,
  region: string | undefined,
  { env }: Io,
): CloudAccess {
  if (deployment.kind === 'local') {
    const { ecs, tablestore } = localEndpoints(deployment.portBase);
    return {
      regionId: localRegion(region),
      ecsEndpoint: ecs,
      tablestoreEndpoint: tablestore,
      tablestoreInstance: 'latchkey',
      credentials: () => Promise.resolve(LOCAL_CREDENTIALS),
    };
  }
  const regionId = readRegion(
    region ?? requiredSetting(env, 'REGION_ID', 'the region, unless --region is given'),
  );
  const tablestoreInstance = requiredSetting(
    env,
    'TABLESTORE_INSTANCE',
    'the Tablestore instance that holds the tables of Latchkey',
  );
  return {
    regionId,
    ecsEndpoint: env['ECS_ENDPOINT'] || undefined,
    tablestoreEndpoint:
      env['TABLESTORE_ENDPOINT'] || `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    credentials: fcCredentials().source,
  };
}

/** @throws {CliError} `usage` when the variable is missing or empty */
export function requiredSetting(env: Io['env'], name: string, meaning: string): string {
  const value = env[name] || undefined;
  if (value !== undefined) return value;
  throw usageError(`Cannot call the cloud: ${name} is missing: ${meaning}`);
}
