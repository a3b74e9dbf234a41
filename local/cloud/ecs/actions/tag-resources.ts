import { defineAction } from '../action.ts';
import { refuse } from '../errors.ts';
import { addTags, readTags } from '../model/tags.ts';
import { listOf, ownerAccount, requiredText, tags, text } from '../requests/parameters.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_RESOURCES = 50;

/** Instances and key pairs only; key pairs go by their names. */
export const tagResources = defineAction({
  name: 'TagResources',
  access: 'Write',
  parameters: {
    ...ownerAccount,
    RegionId: requiredText,
    ResourceType: requiredText,
    ResourceId: listOf(text),
    Tag: tags,
  },
  run: (cloud, { ResourceType, ResourceId: ids, Tag }) => {
    if (ids === undefined || ids.length === 0) return refuse('MissingParameter', 'ResourceId');
    if (ids.length > MAX_RESOURCES) return refuse('InvalidParameter', 'ResourceId');
    const added = readTags(Tag);
    if (added.size === 0) return refuse('MissingParameter', 'Tag');
    const find =
      ResourceType === 'instance'
        ? (id: string) => cloud.fleet.find(id)
        : ResourceType === 'keypair'
          ? (id: string) => cloud.keyPairs.get(id)
          : refuse('InvalidResourceType.NotFound');
    const resources = [...new Set(ids)].map(
      (id) => find(id) ?? refuse('InvalidResourceId.NotFound'),
    );
    // All or none: the quota of each is checked on a copy first.
    for (const { tags: own } of resources) addTags(new Map(own), added);
    for (const { tags: own } of resources) addTags(own, added);
    return {};
  },
});
