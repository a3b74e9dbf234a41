import { defineAction } from '../action.ts';
import { minuteOf } from '../minute.ts';
import { hasTags, tagsAnswer } from '../model/tags.ts';
import { pageOf } from '../requests/page.ts';
import { flag, integer, owner, requiredText, tags, text } from '../requests/parameters.ts';
import { isLike } from '../requests/wildcard.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describekeypairs */
const MAX_PAGE_SIZE = 50;

/** For a name that does not exist the list is empty. */
export const describeKeyPairs = defineAction({
  name: 'DescribeKeyPairs',
  access: 'Read',
  parameters: {
    ...owner,
    RegionId: requiredText,
    KeyPairName: text,
    KeyPairFingerPrint: text,
    IncludePublicKey: flag,
    ResourceGroupId: text,
    Tag: tags,
    PageNumber: integer,
    PageSize: integer,
  },
  run: (cloud, values) => {
    const { KeyPairName, KeyPairFingerPrint, ResourceGroupId, Tag } = values;
    const matching = [...cloud.keyPairs.values()].filter(
      (pair) =>
        (KeyPairName === undefined || isLike(pair.name, KeyPairName)) &&
        (KeyPairFingerPrint === undefined || pair.publicKey.fingerprint === KeyPairFingerPrint) &&
        (ResourceGroupId === undefined || pair.resourceGroupId === ResourceGroupId) &&
        hasTags(pair.tags, Tag),
    );
    const { items, answer } = pageOf(matching, values, MAX_PAGE_SIZE);
    return {
      ...answer,
      KeyPairs: {
        KeyPair: items.map((pair) => ({
          KeyPairName: pair.name,
          KeyPairFingerPrint: pair.publicKey.fingerprint,
          CreationTime: minuteOf(pair.createdMs),
          ResourceGroupId: pair.resourceGroupId,
          Tags: tagsAnswer(pair.tags),
          ...(values.IncludePublicKey === true && { PublicKey: pair.publicKey.line }),
        })),
      },
    };
  },
});
