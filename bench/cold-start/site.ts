import { startLocalCloud } from '../../local/start-local-cloud.ts';
import type { ClientConfig } from './hand-written.ts';

/** A local cloud to call, in the process that measures: on another core than what is measured. */
export interface Site {
  readonly client: ClientConfig;
  readonly keyPairName: string;
  readonly secret: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
  stop(): Promise<void>;
}

const KEY_PAIR = 'ops-2026';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export async function openSite(): Promise<Site> {
  const { cloud } = await startLocalCloud({
    webhookSecrets: SECRET,
    functions: { kind: 'in-process', modules: {} },
  });
  const { instanceIds } = cloud.seed({
    keyPairs: [{ name: KEY_PAIR }],
    instances: [{ count: 10, name: 'bench', tags: { team: 'web' } }],
  });
  const { settings, account } = cloud.kernel;
  const { accessKeyId, accessKeySecret, securityToken } = account.issueSts('latchkey-bench', 'c-1');
  const credentials = { accessKeyId, accessKeySecret, securityToken };
  const { hostname, port } = new URL(cloud.endpoints.ecs);
  return {
    client: {
      protocol: 'http',
      host: hostname,
      port: Number(port),
      ...credentials,
      regionId: settings.regionId,
      instanceIds,
    },
    keyPairName: KEY_PAIR,
    secret: SECRET,
    environment: {
      REGION_ID: settings.regionId,
      ECS_ENDPOINT: cloud.endpoints.ecs,
      SMQ_ENDPOINT: cloud.endpoints.smq,
      TABLESTORE_ENDPOINT: cloud.endpoints.tablestore,
      TABLESTORE_INSTANCE: 'latchkey',
      SMQ_QUEUE: 'latchkey-results',
      SMQ_DEAD_LETTER_QUEUE: 'latchkey-dead',
      WEBHOOK_SECRETS: SECRET,
      LOG_LEVEL: 'error',
    },
    context: {
      requestId: 'bench',
      credentials,
      region: settings.regionId,
      accountId: settings.accountId,
    },
    stop: () => cloud.stop(),
  };
}
