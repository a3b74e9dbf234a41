import { defineAction } from '../action.ts';
import { refuse } from '../errors.ts';
import { pageOf } from '../requests/page.ts';
import { integer, listOf, ownerAccount, requiredText, text } from '../requests/parameters.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstancestatus */
const MAX_PAGE_SIZE = 50;
const MAX_INSTANCES = 100;

export const describeInstanceStatus = defineAction({
  name: 'DescribeInstanceStatus',
  access: 'Read',
  parameters: {
    ...ownerAccount,
    RegionId: requiredText,
    ZoneId: text,
    InstanceId: listOf(text),
    PageNumber: integer,
    PageSize: integer,
  },
  run: (cloud, { ZoneId: zoneId, InstanceId: ids, ...page }) => {
    if (ids !== undefined && ids.length > MAX_INSTANCES) refuse('InvalidParameter', 'InstanceId');
    const wanted = ids && new Set(ids);
    const matching = [...cloud.fleet.all()].filter(
      (instance) =>
        (wanted === undefined || wanted.has(instance.id)) &&
        (zoneId === undefined || instance.zoneId === zoneId),
    );
    const { items, answer } = pageOf(matching, page, MAX_PAGE_SIZE);
    return {
      ...answer,
      InstanceStatuses: {
        InstanceStatus: items.map(({ id, status }) => ({ InstanceId: id, Status: status })),
      },
    };
  },
});
