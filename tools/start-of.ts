import type { Cloud } from '../local/cloud/index.ts';

/** What the platform passes to a function at its start, without `WEBHOOK_SECRETS`. */
export interface Start {
  readonly env: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/**
 * For running a bundle outside the processes of the local cloud.
 *
 * @param name in `s.yaml`
 * @returns undefined when `s.yaml` has no such function
 */
export function startOf({ kernel, endpoints, fc }: Cloud, name: string): Start | undefined {
  const found = fc.functions.find(({ resource }) => resource === name);
  if (found === undefined) return undefined;
  const { settings, account } = kernel;
  const { functionName, timeoutSec } = found;
  const { accessKeyId, accessKeySecret, securityToken } = account.issueSts(functionName, 'tools');
  return {
    env: {
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
