import type { Cloud } from '../local/cloud/index.ts';

/** What the platform passes to a function at its start, without `WEBHOOK_SECRETS`. */
export interface Start {
  readonly environment: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * For running a bundle outside the processes of the local cloud.
 *
 * @param name in `s.yaml`
 * @throws {RangeError} when `s.yaml` has no such function
 */
export function startOf({ kernel, endpoints, fc }: Cloud, name: string): Start {
  const found = fc.functions.find(({ resource }) => resource === name);
  if (found === undefined) throw new RangeError(`Cannot start "${name}": s.yaml lacks it`);
  const { settings, account } = kernel;
  const { functionName, timeoutSec } = found;
  const { accessKeyId, accessKeySecret, securityToken } = account.issueSts(functionName, 'tools');
  return {
    environment: {
      TABLESTORE_INSTANCE: 'latchkey',
      ...found.environment,
      REGION_ID: settings.regionId,
      ECS_ENDPOINT: endpoints.ecs,
      SMQ_ENDPOINT: endpoints.smq,
      TABLESTORE_ENDPOINT: endpoints.tablestore,
    },
    context: {
      requestId: '1-6500b900-00000000-000000000000',
      credentials: { accessKeyId, accessKeySecret, securityToken },
      function: { name: functionName, timeout: timeoutSec },
      region: settings.regionId,
      accountId: account.id,
    },
  };
}
