import { startLocalCloud } from '../../../local/start-local-cloud.ts';
import { type Start, startOf } from '../../start-of.ts';

const KEY_PAIR = 'ops-2026';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** Passes what is checked at a start; nobody looks at the console here. */
const JWKS = '{"keys":[{"alg":"EdDSA"}]}';

/**
 * A local cloud for functions to start against, in the process that starts them.
 *
 * @param root the project's folder, with its `s.yaml`
 */
export async function openSite(root: string) {
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
  return {
    endpoints: cloud.endpoints,
    regionId: settings.regionId,
    instanceIds,
    keyPairName: KEY_PAIR,
    /** Of the webhook. */
    secret: SECRET,
    credentials: { accessKeyId, accessKeySecret, securityToken },
    /** How a function of that name in `s.yaml` is started; undefined when there is none. */
    startOf: (name: string): Start | undefined => {
      const start = startOf(cloud, name);
      return start && { ...start, env: { ...start.env, CONSOLE_JWKS: JWKS, LOG_LEVEL: 'error' } };
    },
    stop: () => cloud.stop(),
  };
}

export type Site = Awaited<ReturnType<typeof openSite>>;
