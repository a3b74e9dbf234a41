import * as v from 'valibot';
import {
  CONDITION_NAMES,
  type ConditionName,
  eachCondition,
  type Selector,
} from '../../domain/model/selector.ts';
import { KeyPairNameText } from '../names.ts';
import { onlyThese } from '../parse.ts';
import { isOneLine, MAX_TAG_LENGTH, oneLine, TagKeyText } from './texts.ts';

/** Tags of one resource, and of one filter. */
const MAX_TAGS = 20;
/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-runinstances */
const MAX_NAME_LENGTH = 128;

/**
 * Ids of the cloud whose forms are not documented beyond examples such as `cn-hangzhou-h`,
 * `vpc-bp67acfmxazb4p****` and `rg-bp67acfmxazb4p****`. Never empty: ECS ignores an empty filter.
 */
const cloudId = (what: string) =>
  v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/, `must be the id of a ${what}`));

/** The values that each condition may have. */
const VALUES: Readonly<Record<ConditionName, v.GenericSchema<string>>> = {
  keyPairName: KeyPairNameText,
  zoneId: cloudId('zone'),
  vpcId: cloudId('VPC'),
  resourceGroupId: cloudId('resource group'),
  namePrefix: v.pipe(oneLine(MAX_NAME_LENGTH), v.nonEmpty('must be the beginning of a name')),
};

/** What help says of each condition. */
export const CONDITION_HELP = {
  tags: { example: 'team=web,env=test', about: 'with each of these tags and exactly these values' },
  keyPairName: { example: 'ops-2025', about: 'bound to this key pair now' },
  zoneId: { example: 'cn-hangzhou-h', about: 'in this zone' },
  vpcId: { example: 'vpc-bp1a', about: 'in this VPC' },
  resourceGroupId: { example: 'rg-bp1a', about: 'in this resource group' },
  namePrefix: { example: 'web-', about: 'with this name prefix' },
} as const satisfies Record<keyof Selector, ConditionHelp>;

interface ConditionHelp {
  /** A value. */
  readonly example: string;
  /** Completes "instances …". */
  readonly about: string;
}

const Tags = v.pipe(
  v.record(v.pipe(TagKeyText, isOneLine), oneLine(MAX_TAG_LENGTH)),
  v.minEntries(1, 'must name at least one tag'),
  v.maxEntries(MAX_TAGS, `must name at most ${MAX_TAGS} tags`),
);

const NAMES = ['tags', ...CONDITION_NAMES].map((name) => `"${name}"`);

/** `selector` of a request: every condition must hold, and there must be one. */
export const SelectorFields = v.pipe(
  onlyThese(
    { tags: v.nullish(Tags, null), ...eachCondition((name) => v.nullish(VALUES[name], null)) },
    'a selector',
  ),
  v.check(
    (conditions) => Object.values(conditions).some((condition) => condition !== null),
    `must have at least one condition: ${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1)}`,
  ),
  v.transform((conditions) => ({ ...conditions, tags: conditions.tags ?? {} })),
);
