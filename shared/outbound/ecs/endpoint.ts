import { parseEndpoint } from '../endpoint.ts';

/**
 * Hosts of the regions whose ECS does not answer at `ecs.<region>.aliyuncs.com`: what
 * `@alicloud/ecs20140526` 7.11.6 has in its constructor. Its own table is out of reach, because it
 * sits in the file that holds all operations; a test compares the two.
 */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'ecs-cn-hangzhou.aliyuncs.com': [
    'cn-hangzhou',
    'cn-shanghai-finance-1',
    'cn-shenzhen-finance-1',
    'cn-beijing-nu16-b01',
    'cn-fujian',
    'cn-haidian-cm12-c01',
    'cn-hangzhou-bj-b01',
    'cn-hangzhou-internal-prod-1',
    'cn-hangzhou-internal-test-1',
    'cn-hangzhou-internal-test-2',
    'cn-hangzhou-internal-test-3',
    'cn-hangzhou-test-306',
    'cn-shanghai-et15-b01',
    'cn-shanghai-et2-b01',
    'cn-shanghai-internal-test-1',
    'cn-shenzhen-st4-d01',
    'cn-shenzhen-su18-b01',
    'cn-zhangbei-na61-b01',
  ],
  'ecs.aliyuncs.com': [
    'cn-north-2-gov-1',
    'ap-northeast-2-pop',
    'cn-beijing-finance-pop',
    'cn-beijing-gov-1',
    'cn-hangzhou-finance',
    'cn-hongkong-finance-pop',
    'cn-shanghai-inner',
    'cn-shenzhen-inner',
    'cn-wuhan',
    'cn-yushanfang',
    'cn-zhangbei',
    'rus-west-1-pop',
  ],
  'ecs.cn-qingdao-nebula.aliyuncs.com': [
    'cn-edge-1',
    'cn-huhehaote-nebula-1',
    'cn-zhengzhou-nebula-1',
  ],
  'ecs.cn-zhangjiakou.aliyuncs.com': ['cn-zhangjiakou-na62-a01'],
  'ecs.cn-shenzhen-cloudstone.aliyuncs.com': ['eu-west-1-oxs'],
};

export interface EcsEndpoint {
  readonly protocol: 'http' | 'https';
  /** Host, with the port where it is not the usual one. */
  readonly host: string;
}

/**
 * Where to call.
 *
 * @param url of an endpoint other than the region's own
 * @throws {TypeError} for one that must not be used
 */
export function ecsEndpoint(regionId: string, url: string | undefined): EcsEndpoint {
  if (url === undefined) return { protocol: 'https', host: regionHost(regionId) };
  const { protocol, host } = parseEndpoint(url);
  return { protocol: protocol === 'http:' ? 'http' : 'https', host };
}

function regionHost(regionId: string): string {
  const elsewhere = Object.entries(ELSEWHERE).find(([, regions]) => regions.includes(regionId));
  return elsewhere?.[0] ?? `ecs.${regionId}.aliyuncs.com`;
}
