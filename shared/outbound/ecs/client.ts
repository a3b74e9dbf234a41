import type Credential from '@alicloud/credentials';
import core, { $OpenApiUtil, OpenApiUtil } from '@alicloud/openapi-core';
import { type Model, RuntimeOptions } from '@darabonba/typescript';
import { once } from '../../lib/once.ts';
import { cjsDefault } from '../cjs-default.ts';
import type { CredentialSource } from '../credentials.ts';
import type { EcsEndpoint } from './endpoint.ts';

/** The ECS operations that we use. */
export type EcsAction =
  | 'AttachKeyPair'
  | 'DescribeInstances'
  | 'DescribeKeyPairs'
  | 'DetachKeyPair'
  | 'RebootInstances'
  | 'StartInstances';

export interface RawAnswer {
  readonly statusCode: number;
  /** The answer's JSON, as it came. */
  readonly body: unknown;
}

interface ClientOptions {
  readonly endpoint: EcsEndpoint;
  readonly regionId: string;
  readonly credentials: CredentialSource;
  readonly timeoutMs: number;
}

/** The SDK's client for all that has no operations of its own. */
export function officialClient(options: ClientOptions) {
  const OpenApiClient = cjsDefault(core);
  const credential = {
    getCredential: async () => ({ ...(await options.credentials()), type: 'sts' }),
  };
  return new OpenApiClient(
    new $OpenApiUtil.Config({
      // The SDK calls nothing but `getCredential`, before each request.
      credential: credential as unknown as InstanceType<typeof Credential.default>,
      endpoint: options.endpoint.host,
      protocol: options.endpoint.protocol,
      regionId: options.regionId,
      // Both: `connectTimeout` is a limit on silence, and 3 s unless it is set.
      connectTimeout: options.timeoutMs,
      readTimeout: options.timeoutMs,
    }),
  );
}

/**
 * The official ECS client, less all operations but six: as installed it loads 1,312 files and takes
 * more than two seconds of a small function. Signing, sending and telling errors apart stay the
 * SDK's own; the first call is what touches it, so that a function that makes none does not read it. It
 * never retries.
 */
export class EcsClient {
  readonly #client: () => ReturnType<typeof officialClient>;

  constructor(options: ClientOptions) {
    this.#client = once(() => officialClient(options));
  }

  /** @throws whatever the SDK throws; `errors.ts` knows what it means */
  async rpc(action: EcsAction, request: Model): Promise<RawAnswer> {
    request.validate();
    const params = new $OpenApiUtil.Params({
      action,
      version: '2014-05-26',
      protocol: 'HTTPS',
      pathname: '/',
      method: 'POST',
      authType: 'AK',
      style: 'RPC',
      reqBodyType: 'formData',
      bodyType: 'json',
    });
    const { statusCode, body } = await this.#client().callApi(
      params,
      new $OpenApiUtil.OpenApiRequest({ query: OpenApiUtil.query(request.toMap()) }),
      new RuntimeOptions({}),
    );
    return { statusCode, body };
  }
}
