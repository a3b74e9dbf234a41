import { LatchkeyError } from '../domain/model/errors.ts';
import { cjsDefault } from './cjs-default.ts';

/** What signs a call: an AccessKey pair, with its STS token where it is a temporary one. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly securityToken?: string;
}

/** Asked again before each call, so that credentials may rotate under a client that stays. */
export type CredentialSource = () => Promise<Credentials>;

/** `context.credentials` of Function Compute: empty when the function has no role. */
export interface GivenCredentials {
  readonly accessKeyId?: string | undefined;
  readonly accessKeySecret?: string | undefined;
  readonly securityToken?: string | undefined;
}

export interface FcCredentials {
  /** Takes what came with this invocation. Nothing, or half of a pair, leaves the default chain. */
  use(given: GivenCredentials | undefined): void;
  /**
   * The latest that were given, else what the default chain finds.
   *
   * @throws {LatchkeyError} `unreachable` when the chain finds none
   */
  readonly source: CredentialSource;
}

/** The part of `Credential` of `@alicloud/credentials` that we use. */
export interface Chain {
  getCredential(): Promise<GivenCredentials>;
}

/**
 * Credentials of a function: those of the invocation, and outside Function Compute the default
 * chain of `@alicloud/credentials` (environment, OIDC, CLI profile, file, instance role, URI).
 *
 * @param newChain makes a chain; the package is loaded only when a chain is really asked
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
        // A chain that failed once asks only its last provider ever after: start anew next time.
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
  const Credential = cjsDefault(imported);
  return new Credential();
}

function complete(given: GivenCredentials | undefined): Credentials | undefined {
  if (!given?.accessKeyId || !given.accessKeySecret) return undefined;
  const { accessKeyId, accessKeySecret, securityToken } = given;
  return securityToken
    ? { accessKeyId, accessKeySecret, securityToken }
    : { accessKeyId, accessKeySecret };
}
