import { createRequire } from 'node:module';
import type EcsModule from '@alicloud/ecs20140526';
import type OpenApiModule from '@alicloud/openapi-core';
import type { Credential } from '../../local/cloud/kernel/account.ts';

// They are CommonJS, and `require` loads them the same way under every loader.
const require = createRequire(import.meta.url);
const sdk = require('@alicloud/ecs20140526') as typeof EcsModule;
const { $OpenApiUtil } = require('@alicloud/openapi-core') as typeof OpenApiModule;

/** The endpoint of ECS, and the credentials of the caller. */
export interface EcsAccess {
  readonly endpoint: string;
  readonly regionId: string;
  readonly credential: Pick<Credential, 'accessKeyId' | 'accessKeySecret' | 'securityToken'>;
}

export interface Launch {
  /** 1 to 100. */
  readonly amount: number;
  /** `web-` makes web-001, web-002, … */
  readonly instanceName: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly keyPairName?: string | undefined;
  readonly launchTemplateId?: string | undefined;
}

/** Every launch needs these. Nothing here reads them. */
export const IMAGE_ID = 'aliyun_3_x64_20G_alibase_20260101.vhd';
export const INSTANCE_TYPE = 'ecs.g7.large';

/** Launches instances with RunInstances of the official SDK. */
export async function launch(access: EcsAccess, request: Launch): Promise<string[]> {
  const { body } = await clientOf(access).runInstances(
    new sdk.RunInstancesRequest({
      regionId: access.regionId,
      amount: request.amount,
      imageId: IMAGE_ID,
      instanceType: INSTANCE_TYPE,
      securityGroupId: 'sg-demo',
      vSwitchId: 'vsw-demo',
      instanceName: request.instanceName,
      uniqueSuffix: true,
      tag: Object.entries(request.tags).map(
        ([key, value]) => new sdk.RunInstancesRequestTag({ key, value }),
      ),
      ...(request.keyPairName !== undefined && { keyPairName: request.keyPairName }),
      ...(request.launchTemplateId !== undefined && {
        launchTemplateId: request.launchTemplateId,
      }),
    }),
  );
  return body?.instanceIdSets?.instanceIdSet ?? [];
}

/** Reboots an instance without Latchkey, as an operator would. */
export async function reboot(access: EcsAccess, instanceId: string): Promise<void> {
  await clientOf(access).rebootInstance(new sdk.RebootInstanceRequest({ instanceId }));
}

function clientOf({ endpoint, regionId, credential }: EcsAccess) {
  const { accessKeyId, accessKeySecret, securityToken } = credential;
  return new sdk.default(
    new $OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      ...(securityToken !== undefined && { securityToken }),
      endpoint: new URL(endpoint).host,
      protocol: 'http',
      regionId,
      connectTimeout: 10_000,
      readTimeout: 10_000,
    }),
  );
}
