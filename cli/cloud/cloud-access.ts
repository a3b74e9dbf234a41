import { fcCredentials } from '../../shared/outbound/credentials.ts';
import type { CloudDeployment } from '../deployment.ts';
import { usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { localRegion, localSettings } from '../local-cloud.ts';
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
  deployment: CloudDeployment,
  region: string | undefined,
  io: Io,
): CloudAccess {
  const isLocal = deployment.kind === 'local';
  const settings = settingsOf(deployment, io);
  const regionId = isLocal
    ? localRegion(region)
    : readRegion(
        region ?? requiredSetting(settings, 'REGION_ID', 'the region, unless --region is given'),
      );
  const tablestoreInstance = requiredSetting(
    settings,
    'TABLESTORE_INSTANCE',
    'the Tablestore instance that holds the tables of Latchkey',
  );
  return {
    regionId,
    ecsEndpoint: settings['ECS_ENDPOINT'] || undefined,
    tablestoreEndpoint:
      settings['TABLESTORE_ENDPOINT'] ||
      `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    credentials: isLocal ? () => Promise.resolve(LOCAL_CREDENTIALS) : fcCredentials().source,
  };
}

/** The settings of the functions. Those of the environment belong to the account. */
export function settingsOf(deployment: CloudDeployment, { env }: Io): Io['env'] {
  return deployment.kind === 'local' ? localSettings(deployment.portBase) : env;
}

/** @throws {CliError} `usage` when the variable is missing or empty */
export function requiredSetting(settings: Io['env'], name: string, meaning: string): string {
  const value = settings[name] || undefined;
  if (value !== undefined) return value;
  throw usageError(`Cannot call the cloud: ${name} is missing: ${meaning}`);
}
