import * as v from 'valibot';
import { KeyPairNameText } from './names.ts';
import { onlyThese } from './parse.ts';

/** Tags of one resource, and of one filter. */
const MAX_TAGS = 20;
/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_TAG_LENGTH = 128;
/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances */
const MAX_NAME_LENGTH = 128;

/** No control characters, no halves of characters, and nothing that turns the reading direction. */
export const ONE_LINE = /^[^\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;

const text = (maxLength: number) =>
  v.pipe(
    v.string(),
    v.maxLength(maxLength, `must have at most ${maxLength} characters`),
    v.regex(ONE_LINE, 'must be one line without control characters'),
  );

/**
 * Ids of the cloud whose forms are not documented beyond examples such as `cn-hangzhou-h`,
 * `vpc-bp67acfmxazb4p****` and `rg-bp67acfmxazb4p****`. Never empty: ECS takes that for no condition.
 */
const cloudId = (what: string) =>
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, `must be the id of a ${what}`));

const TagKey = v.pipe(text(MAX_TAG_LENGTH), v.nonEmpty('must be the key of a tag'));

const Tags = v.pipe(
  v.record(TagKey, text(MAX_TAG_LENGTH)),
  v.minEntries(1, 'must name at least one tag'),
  v.maxEntries(MAX_TAGS, `must name at most ${MAX_TAGS} tags`),
);

/** `selector` of a request: every condition must hold, and there must be one. */
export const SelectorFields = v.pipe(
  onlyThese(
    {
      tags: v.nullish(Tags, null),
      keyPairName: v.nullish(KeyPairNameText, null),
      zoneId: v.nullish(cloudId('zone'), null),
      vpcId: v.nullish(cloudId('VPC'), null),
      resourceGroupId: v.nullish(cloudId('resource group'), null),
      namePrefix: v.nullish(
        v.pipe(text(MAX_NAME_LENGTH), v.nonEmpty('must be the beginning of a name')),
        null,
      ),
    },
    'a selector',
  ),
  v.check(
    (conditions) => Object.values(conditions).some((condition) => condition !== null),
    'must have at least one condition: "tags", "keyPairName", "zoneId", "vpcId", "resourceGroupId" or "namePrefix"',
  ),
  v.transform((conditions) => ({ ...conditions, tags: conditions.tags ?? {} })),
);
