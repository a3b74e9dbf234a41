import { defineAction } from '../action.ts';
import { ownerAccount, text } from '../requests/parameters.ts';

/** There is one region. */
export const describeRegions = defineAction({
  name: 'DescribeRegions',
  access: 'Read',
  parameters: {
    ...ownerAccount,
    AcceptLanguage: text,
    InstanceChargeType: text,
    ResourceType: text,
  },
  run: (cloud) => {
    const { regionId } = cloud.kernel.settings;
    const region = {
      RegionId: regionId,
      RegionEndpoint: `ecs.${regionId}.aliyuncs.com`,
      LocalName: regionId,
      Status: 'available',
    };
    return { Regions: { Region: [region] } };
  },
});
