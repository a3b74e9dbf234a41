import Sdk, * as models from '@alicloud/ecs20140526';
import { $OpenApiUtil } from '@alicloud/openapi-core';
import type { Ecs } from '../../../../shared/domain/model/ports.ts';
import { cjsDefault } from '../../../../shared/outbound/cjs-default.ts';
import { aSelector } from '../../../models/builders.ts';
import { aServer, type Seen, sends } from './a-server.ts';

export const Official = cjsDefault(Sdk);

export const config = { accessKeyId: 'a', accessKeySecret: 's', securityToken: 't' };
export const REGION = { regionId: 'cn-hangzhou' };
export const IDS = ['i-bp1a', 'i-bp1b'];
const NAME = "ops é*~'()! 2026";

/**
 * Every operation that we use, as our adapter sends it and as the original official client sends it.
 */
export const SAME: Readonly<
  Record<
    string,
    readonly [ours: (ecs: Ecs) => Promise<unknown>, theirs: (sdk: Sdk.default) => Promise<unknown>]
  >
> = {
  AttachKeyPair: [
    (ecs) => ecs.attachKeyPair(NAME, IDS),
    (sdk) =>
      sdk.attachKeyPair(
        new models.AttachKeyPairRequest({
          ...REGION,
          keyPairName: NAME,
          instanceIds: JSON.stringify(IDS),
        }),
      ),
  ],
  DetachKeyPair: [
    (ecs) => ecs.detachKeyPair(NAME, IDS),
    (sdk) =>
      sdk.detachKeyPair(
        new models.DetachKeyPairRequest({
          ...REGION,
          keyPairName: NAME,
          instanceIds: JSON.stringify(IDS),
        }),
      ),
  ],
  DescribeInstances: [
    (ecs) => ecs.describeInstances(IDS),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          instanceIds: JSON.stringify(IDS),
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by tag': [
    (ecs) => ecs.describeGroup('team é', ['a&b=c']),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          tag: [new models.DescribeInstancesRequestTag({ key: 'team é', value: 'a&b=c' })],
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by all other filters': [
    (ecs) =>
      ecs.selectInstances(
        aSelector({
          keyPairName: 'ops',
          zoneId: 'cn-hangzhou-h',
          vpcId: 'vpc-1',
          namePrefix: 'web é&=',
        }),
        1_000,
      ),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          keyPairName: 'ops',
          zoneId: 'cn-hangzhou-h',
          vpcId: 'vpc-1',
          instanceName: 'web é&=*',
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by resource group': [
    (ecs) => ecs.selectInstances(aSelector({ resourceGroupId: 'rg-1' }), 1_000),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          resourceGroupId: 'rg-1',
          maxResults: 100,
        }),
      ),
  ],
  'DescribeInstances by tags': [
    (ecs) => ecs.selectInstances(aSelector({ tags: { team: 'web', stage: '' } }), 1_000),
    (sdk) =>
      sdk.describeInstances(
        new models.DescribeInstancesRequest({
          ...REGION,
          tag: [
            new models.DescribeInstancesRequestTag({ key: 'team', value: 'web' }),
            new models.DescribeInstancesRequestTag({ key: 'stage', value: '' }),
          ],
          maxResults: 100,
        }),
      ),
  ],
  DescribeKeyPairs: [
    (ecs) => ecs.findKeyPair(NAME),
    (sdk) =>
      sdk.describeKeyPairs(
        new models.DescribeKeyPairsRequest({ ...REGION, keyPairName: NAME, pageSize: 50 }),
      ),
  ],
  RebootInstances: [
    (ecs) => ecs.rebootInstances(IDS),
    (sdk) =>
      sdk.rebootInstances(
        new models.RebootInstancesRequest({
          ...REGION,
          instanceId: IDS,
          forceReboot: false,
          batchOptimization: 'SuccessFirst',
        }),
      ),
  ],
  StartInstances: [
    (ecs) => ecs.startInstances(IDS),
    (sdk) =>
      sdk.startInstances(
        new models.StartInstancesRequest({
          ...REGION,
          instanceId: IDS,
          batchOptimization: 'SuccessFirst',
        }),
      ),
  ],
  'RebootInstances as a dry run': [
    (ecs) => ecs.rehearse('reboot'),
    (sdk) =>
      sdk.rebootInstances(
        new models.RebootInstancesRequest({ ...REGION, instanceId: [NOBODY], dryRun: true }),
      ),
  ],
  'StartInstances as a dry run': [
    (ecs) => ecs.rehearse('start'),
    (sdk) =>
      sdk.startInstances(
        new models.StartInstancesRequest({ ...REGION, instanceId: [NOBODY], dryRun: true }),
      ),
  ],
};

const NOBODY = 'i-latchkeynobody0000';

/** These differ between calls, or depend on how the credentials were given. */
const OWN_HEADERS = [
  'x-acs-signature-nonce',
  'x-acs-date',
  'x-acs-credentials-provider',
  'authorization',
];

/** What both clients send for one of these calls, without the headers that only one of them has. */
export async function sentByBoth(
  name: string,
  ecsAt: (url: string) => Ecs,
): Promise<readonly Seen[]> {
  const [ours, theirs] = SAME[name]!;
  const { url, seen } = await aServer(sends(200, {}));
  const endpoint = url.replace('http://', '');
  await ours(ecsAt(url)).catch(() => {});
  await theirs(
    new Official(new $OpenApiUtil.Config({ ...config, ...REGION, endpoint, protocol: 'http' })),
  );
  return seen.map(({ headers, ...rest }) => ({
    ...rest,
    headers: Object.fromEntries(
      Object.entries(headers).filter(([header]) => !OWN_HEADERS.includes(header)),
    ),
  }));
}
