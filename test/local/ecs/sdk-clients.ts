import { createRequire } from 'node:module';
import type EcsModule from '@alicloud/ecs20140526';
import type OpenApiModule from '@alicloud/openapi-core';
import type DaraModule from '@darabonba/typescript';
import type PopCoreClass from '@alicloud/pop-core';
import { createEcs } from '../../../local/cloud/ecs/index.ts';
import { virtualClock } from '../../../local/cloud/kernel/clock.ts';
import { createKernel } from '../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../local/cloud/kernel/serve.ts';
import { type SettingsChange, settingsWith } from '../../../local/cloud/kernel/settings.ts';
import { ROOT, type Signer, START_MS } from './a-cloud.ts';

// They are CommonJS: `require` gives them as they are, however a bundler or a test runner wraps imports.
const require = createRequire(import.meta.url);
export const Sdk = require('@alicloud/ecs20140526') as typeof EcsModule;
const { $OpenApiUtil } = require('@alicloud/openapi-core') as typeof OpenApiModule;
const $dara = require('@darabonba/typescript') as typeof DaraModule;
const PopCore = require('@alicloud/pop-core') as typeof PopCoreClass;

export type SdkClient = InstanceType<typeof Sdk.default>;
export type PopCoreClient = InstanceType<typeof PopCore>;

/** ECS on a loopback port, driven by the official clients with real signatures and virtual time. */
export async function withSdk(
  use: (cloud: Awaited<ReturnType<typeof open>>) => Promise<void>,
  settings: SettingsChange = {},
): Promise<void> {
  const cloud = await open(settings);
  try {
    await use(cloud);
  } finally {
    await cloud.close();
  }
}

async function open(settings: SettingsChange) {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({ settings: settingsWith(settings), clock });
  const ecs = createEcs(kernel);
  const listening = await serve(kernel, ecs.service, 0);
  const credentials = (signer: Signer) => ({
    accessKeyId: signer.id,
    accessKeySecret: signer.secret,
    ...(signer.token !== undefined && { securityToken: signer.token }),
  });
  return {
    kernel,
    ecs,
    clock,
    close: () => listening.close(),
    /** `v2` is the SDK's name for HMAC-SHA1; ACS3-HMAC-SHA256 is its default. */
    client: (signatureAlgorithm?: 'v2', signer: Signer = ROOT): SdkClient =>
      new Sdk.default(
        new $OpenApiUtil.Config({
          ...credentials(signer),
          endpoint: `localhost:${listening.port}`,
          protocol: 'http',
          regionId: 'cn-hangzhou',
          connectTimeout: 10_000,
          readTimeout: 10_000,
          ...(signatureAlgorithm && { signatureAlgorithm }),
        }),
      ),
    /** Tries again on a reset connection, three times in all; each retry signs headers of its own. */
    retrying: (): SdkClient =>
      new Sdk.default(
        new $OpenApiUtil.Config({
          ...credentials(ROOT),
          endpoint: `localhost:${listening.port}`,
          protocol: 'http',
          retryOptions: new $dara.RetryOptions({
            retryable: true,
            retryCondition: [
              {
                maxAttempts: 3,
                exception: ['ThrottlingError'],
                errorCode: ['ECONNRESET'],
                backoff: { policy: 'Fixed', period: 1 },
              },
            ],
          }),
        }),
      ),
    popCore: (signer: Signer = ROOT): PopCoreClient =>
      new PopCore({
        ...credentials(signer),
        endpoint: `http://localhost:${listening.port}`,
        apiVersion: '2014-05-26',
      }),
  };
}
