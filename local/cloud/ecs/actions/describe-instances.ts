import { defineAction } from '../action.ts';
import { refuse } from '../errors.ts';
import { describeInstance } from '../describe-instance.ts';
import { type InstanceFilter, matchingInstances } from '../instance-filter.ts';
import type { Instance } from '../model/instance.ts';
import { DEFAULT_PAGE_SIZE, pageOf } from '../requests/page.ts';
import {
  flag,
  integer,
  listOf,
  ownerAccount,
  requiredText,
  tags,
  text,
} from '../requests/parameters.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
const MAX_PAGE_SIZE = 100;

/** Filters that are not emulated (addresses, GPUs, …) are not declared, so that they are refused. */
export const describeInstances = defineAction({
  name: 'DescribeInstances',
  access: 'Read',
  parameters: {
    ...ownerAccount,
    RegionId: requiredText,
    InstanceIds: text,
    InstanceName: text,
    Status: text,
    KeyPairName: text,
    ZoneId: text,
    VpcId: text,
    VSwitchId: text,
    SecurityGroupId: text,
    ResourceGroupId: text,
    ImageId: text,
    InstanceType: text,
    InstanceChargeType: text,
    InstanceNetworkType: text,
    IoOptimized: flag,
    LockReason: text,
    Tag: tags,
    MaxResults: integer,
    NextToken: text,
    PageNumber: integer,
    PageSize: integer,
    DryRun: flag,
    AdditionalAttributes: listOf(text),
  },
  run: (cloud, values) => {
    const { MaxResults, NextToken, PageNumber, PageSize, DryRun } = values;
    const { regionId } = cloud.kernel.settings;
    const matching = matchingInstances(cloud.fleet, values satisfies InstanceFilter);
    if (DryRun === true) refuse('DryRunOperation');
    const isByToken = MaxResults !== undefined || (NextToken !== undefined && NextToken !== '');
    const isByNumber = PageNumber !== undefined || PageSize !== undefined;
    if (isByNumber && !isByToken) {
      const { items, answer } = pageOf(matching, { PageNumber, PageSize }, MAX_PAGE_SIZE);
      return { ...answer, NextToken: '', ...shown(items, regionId) };
    }
    const { items, nextToken } = afterToken(matching, NextToken, MaxResults);
    return {
      // With a token, the vendor calls TotalCount invalid. The size of the page is our own choice.
      TotalCount: isByToken ? items.length : matching.length,
      PageNumber: 1,
      PageSize: sizeOf(MaxResults),
      NextToken: nextToken,
      ...shown(items, regionId),
    };
  },
});

/** Below 10 counts as 10, above 100 as 100. */
function sizeOf(maxResults: number | undefined): number {
  return Math.min(Math.max(maxResults ?? DEFAULT_PAGE_SIZE, DEFAULT_PAGE_SIZE), MAX_PAGE_SIZE);
}

/** A token holds the sequence number of the last instance shown. So a release between two pages skips nothing. */
function afterToken(
  matching: readonly Instance[],
  token: string | undefined,
  maxResults: number | undefined,
): { items: Instance[]; nextToken: string } {
  const after = token === undefined || token === '' ? 0 : sequenceOf(token);
  const remaining = matching.filter(({ sequence }) => sequence > after);
  const items = remaining.slice(0, sizeOf(maxResults));
  const last = items.at(-1);
  const isLastPage = last === undefined || items.length === remaining.length;
  return { items, nextToken: isLastPage ? '' : tokenOf(last.sequence) };
}

function tokenOf(sequence: number): string {
  return Buffer.from(`after ${sequence}`).toString('base64url');
}

function sequenceOf(token: string): number {
  const match = /^after (\d{1,9})$/.exec(Buffer.from(token, 'base64url').toString());
  return match === null ? refuse('InvalidParameter', 'NextToken') : Number(match[1]);
}

function shown(items: readonly Instance[], regionId: string) {
  return { Instances: { Instance: items.map((item) => describeInstance(item, regionId)) } };
}
