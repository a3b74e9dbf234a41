import { $OpenApiUtil } from '@alicloud/openapi-core';
import sdk from '@alicloud/ecs20140526';
import type { CloudSettings } from '../../local/cloud/kernel/settings.ts';

/** Launches instances as anybody would: by RunInstances of the official SDK. */
export async function launch(
  endpoint: string,
  settings: CloudSettings,
  amount: number,
): Promise<string[]> {
  const { regionId, accessKeyId, accessKeySecret } = settings;
  const client = new sdk.default(
    new $OpenApiUtil.Config({
      accessKeyId,
      accessKeySecret,
      endpoint: new URL(endpoint).host,
      protocol: 'http',
      regionId,
      connectTimeout: 10_000,
      readTimeout: 10_000,
    }),
  );
  const { body } = await client.runInstances(
    new sdk.RunInstancesRequest({
      regionId,
      amount,
      imageId: 'aliyun_3_x64_20G_alibase_20260101.vhd',
      instanceType: 'ecs.g7.large',
      securityGroupId: 'sg-demo',
      vSwitchId: 'vsw-demo',
      instanceName: 'launched',
      tag: [new sdk.RunInstancesRequestTag({ key: 'team', value: 'web' })],
    }),
  );
  return body?.instanceIdSets?.instanceIdSet ?? [];
}
