import { REGION_ID } from '../../shared/inbound/names.ts';
import { fcCredentials } from '../../shared/outbound/credentials.ts';
import { usageError } from '../exit.ts';
import type { Io } from '../io.ts';
import { localEndpoints, localRegion } from '../local-cloud.ts';
import type { Place } from '../deployment.ts';
import type { CloudAccess } from './cloud-ports.ts';

/** Of every local cloud (docs/local-cloud.md): no secret, for it is the same everywhere. */
export const LOCAL_CREDENTIALS = {
  accessKeyId: 'latchkey-local',
  accessKeySecret: 'latchkey-local-secret',
};
export const LOCAL_INSTANCE = 'latchkey';
export const LOCAL_ACCOUNT = '1000000000000000';

/**
 * The cloud of that Latchkey: the local one, else what the environment says, as it does to the functions
 * (`REGION_ID`, `TABLESTORE_INSTANCE`, and the endpoints where they are not the services' own), with what
 * the default chain of `@alicloud/credentials` finds.
 *
 * @throws {CliError} `usage` when a setting is missing
 */
export function cloudAccess(place: Place, region: string | undefined, { env }: Io): CloudAccess {
  if (place.kind === 'local') {
    const { ecs, tablestore } = localEndpoints(place.portBase);
    return {
      regionId: localRegion(region),
      ecsEndpoint: ecs,
      tablestoreEndpoint: tablestore,
      tablestoreInstance: LOCAL_INSTANCE,
      credentials: () => Promise.resolve(LOCAL_CREDENTIALS),
    };
  }
  const setting = (name: string) => env[name] || undefined;
  const regionId = region ?? setting('REGION_ID');
  if (regionId === undefined)
    throw usageError('Cannot ask the cloud: no region: --region or REGION_ID');
  if (!REGION_ID.test(regionId)) {
    throw usageError(`Cannot use region "${regionId}": must be a region, such as "cn-hangzhou"`);
  }
  const tablestoreInstance = setting('TABLESTORE_INSTANCE');
  if (tablestoreInstance === undefined) {
    throw usageError(
      'Cannot ask the cloud: TABLESTORE_INSTANCE is missing: what Latchkey remembers is in there',
    );
  }
  return {
    regionId,
    ecsEndpoint: setting('ECS_ENDPOINT'),
    tablestoreEndpoint:
      setting('TABLESTORE_ENDPOINT') ??
      `https://${tablestoreInstance}.${regionId}.ots.aliyuncs.com`,
    tablestoreInstance,
    credentials: fcCredentials().source,
  };
}
