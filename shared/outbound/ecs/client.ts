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
  /** The JSON of the answer. */
  readonly body: unknown;
}

interface ClientOptions {
  readonly endpoint: EcsEndpoint;
  readonly regionId: string;
  readonly credentials: CredentialSource;
  readonly timeoutMs: number;
}

/** The SDK's generic client, which has no operations of its own. */
export function officialClient(options: ClientOptions) {
  const OpenApiClient = cjsDefault(core);
  const credential = {
    getCredential: async () => ({ ...(await options.credentials()), type: 'sts' }),
  };
  return new OpenApiClient(
    new $OpenApiUtil.Config({
      // The SDK calls only `getCredential`, before each request.
      credential: credential as unknown as InstanceType<typeof Credential.default>,
      endpoint: options.endpoint.host,
      protocol: options.endpoint.protocol,
      regionId: options.regionId,
      // Both are needed: `connectTimeout` also limits the silence after connecting, and is 3 s by default.
      connectTimeout: options.timeoutMs,
      readTimeout: options.timeoutMs,
    }),
  );
}

/**
 * The official ECS client with only the operations that we use. The installed client loads 1,312 files, which
 * takes a small function more than two seconds (docs/decisions/0003-official-ecs-sdk-cut-down.md). The SDK
 * signs, sends and classifies errors. It is created at the first call, so a function that makes no call does
 * not load it. It never retries.
 */
export class EcsClient {
  readonly #client: () => ReturnType<typeof officialClient>;

  constructor(options: ClientOptions) {
    this.#client = once(() => officialClient(options));
  }

  /** @throws what the SDK throws. `errors.ts` translates it */
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
