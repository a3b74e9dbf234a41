import { startLocalCloud } from '../../../local/start-local-cloud.ts';

/** A local cloud for functions to start against, in the process that starts them. */
export interface Site {
  readonly endpoints: {
    readonly ecs: string;
    readonly smq: string;
    readonly tablestore: string;
  };
  readonly regionId: string;
  readonly instanceIds: readonly string[];
  readonly keyPairName: string;
  /** Of the webhook. */
  readonly secret: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly accessKeySecret: string;
    readonly securityToken: string;
  };
  /** How a function of that name in `s.yaml` is started; undefined when there is none. */
  startOf(name: string): Start | undefined;
  stop(): Promise<void>;
}

export interface Start {
  readonly env: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, unknown>>;
}

const KEY_PAIR = 'ops-2026';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Passes what is checked at a start; nobody looks at the console here. */
const JWKS = '{"keys":[{"alg":"EdDSA"}]}';

/** @param root the project's folder, with its `s.yaml` */
export async function openSite(root: string): Promise<Site> {
  const { cloud } = await startLocalCloud({
    projectFolder: root,
    webhookSecrets: SECRET,
    functions: { kind: 'in-process', modules: {} },
  });
  const { instanceIds } = cloud.seed({
    keyPairs: [{ name: KEY_PAIR }],
    instances: [{ count: 10, name: 'cold', tags: { team: 'web' } }],
  });
  const { settings, account } = cloud.kernel;
  const { accessKeyId, accessKeySecret, securityToken } = account.issueSts('latchkey-cold', 'c-1');
  const credentials = { accessKeyId, accessKeySecret, securityToken };
  const { ecs, smq, tablestore } = cloud.endpoints;
  return {
    endpoints: { ecs, smq, tablestore },
    regionId: settings.regionId,
    instanceIds,
    keyPairName: KEY_PAIR,
    secret: SECRET,
    credentials,
    startOf: (name) => {
      const found = cloud.fc.functions.find(({ resource }) => resource === name);
      if (found === undefined) return undefined;
      return {
        env: {
          ...found.environment,
          CONSOLE_JWKS: JWKS,
          REGION_ID: settings.regionId,
          ECS_ENDPOINT: ecs,
          SMQ_ENDPOINT: smq,
          TABLESTORE_ENDPOINT: tablestore,
          LOG_LEVEL: 'error',
        },
        context: {
          requestId: 'cold',
          credentials,
          region: settings.regionId,
          accountId: settings.accountId,
          function: { name: found.functionName, timeout: found.timeoutSec },
        },
      };
    },
    stop: () => cloud.stop(),
  };
}
