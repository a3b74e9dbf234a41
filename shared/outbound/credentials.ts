import { LatchkeyError } from '../domain/model/errors.ts';
import { cjsDefault } from './cjs-default.ts';

/** Signs calls: an AccessKey pair, and the STS token of a temporary pair. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** Called before each call to the cloud, because credentials can change during the life of a client. */
export type CredentialSource = () => Promise<Credentials>;

/** `context.credentials` of Function Compute: empty when the function has no role. */
export interface GivenCredentials {
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  readonly securityToken?: string | undefined;
}

export interface FcCredentials {
  /** Uses the credentials of this invocation. Without a complete pair, the default chain is used. */
  use(given: GivenCredentials | undefined): void;
  /**
   * The latest credentials from `use`, else those that the default chain finds.
   *
   * @throws {LatchkeyError} `unreachable` when the chain finds none
   */
  readonly source: CredentialSource;
}

/** The part of `Credential` of `@alicloud/credentials` that we use. */
interface Chain {
  getCredential(): Promise<GivenCredentials>;
}

/**
 * The credentials of a function: those of the invocation. Outside Function Compute: the default chain of
 * `@alicloud/credentials` (environment, OIDC, CLI profile, file, instance role, URI).
 *
 * @param newChain makes a chain. The package is loaded only when the chain is needed
 */
export function fcCredentials(newChain: () => Promise<Chain> = defaultChain): FcCredentials {
  let given: Credentials | undefined;
  let chain: Promise<Chain> | undefined;
  return {
    use: (credentials) => {
      given = complete(credentials);
    },
    source: async () => {
      if (given !== undefined) return given;
      try {
        chain ??= newChain();
        const found = complete(await (await chain).getCredential());
        if (found !== undefined) return found;
        throw new Error('an incomplete pair');
      } catch (cause) {
        // A chain that failed once asks only its last provider from then on. So the next call makes a new chain.
        chain = undefined;
        throw new LatchkeyError(
          'unreachable',
          'Cannot find credentials: no provider of the default chain has any',
          { cause },
        );
      }
    },
  };
}

async function defaultChain(): Promise<Chain> {
  const { default: imported } = await import('@alicloud/credentials');
  return new (cjsDefault(imported))();
}

function complete(given: GivenCredentials | undefined): Credentials | undefined {
  if (!given?.accessKeyId || !given.accessKeySecret) return undefined;
  const { accessKeyId, accessKeySecret, securityToken } = given;
  return securityToken
    ? { accessKeyId, accessKeySecret, securityToken }
    : { accessKeyId, accessKeySecret };
}
