import { parseEndpoint } from '../endpoint.ts';

/**
 * The hosts of ECS for regions without a host `ecs.<region>.aliyuncs.com`. A copy of the table in
 * `@alicloud/ecs20140526` 7.11.6: its file holds all operations and takes too long to load. A test compares
 * the two.
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
  /** With the port, unless it is the default port of the protocol. */
  readonly host: string;
}

/**
 * The endpoint for calls to ECS.
 *
 * @param url an endpoint instead of the region's own
 * @throws {TypeError} for a URL that must not be used
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
