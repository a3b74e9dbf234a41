import * as v from 'valibot';
import type { LaunchFacts } from '../../shared/domain/launch/launch-rules.ts';
import { parseJson, parseValue } from '../../shared/contract/parse.ts';

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-describeinstances */
const Instance = v.pipe(
  v.object({
    InstanceId: v.string(),
    InstanceName: v.optional(v.string(), ''),
    ImageId: v.optional(v.string(), ''),
    Tags: v.optional(
      v.object({
        Tag: v.optional(v.array(v.object({ TagKey: v.string(), TagValue: v.string() })), []),
      }),
      {},
    ),
  }),
  v.transform(({ InstanceId, InstanceName, ImageId, Tags }) => ({
    instanceId: InstanceId,
    name: InstanceName,
    imageId: ImageId,
    tags: Object.fromEntries(Tags.Tag.map(({ TagKey, TagValue }) => [TagKey, TagValue])),
  })),
);

const Answer = v.pipe(
  v.object({ Instances: v.object({ Instance: v.array(Instance) }) }),
  v.transform(({ Instances }) => Instances.Instance),
);

/** What rules look at of one instance, all of it known. */
export type Described = { readonly instanceId: string } & {
  readonly [K in keyof LaunchFacts['snapshot']]: NonNullable<LaunchFacts['snapshot'][K]>;
};

/**
 * Reads instances as DescribeInstances answers them: the whole answer, its list, or one element.
 *
 * @throws {LatchkeyError} `bad-request` for what is not JSON, `not-valid` for what is no instance
 */
export function readDescribed(text: Uint8Array, subject: string): ReadonlyMap<string, Described> {
  const value = parseJson(v.unknown(), text, subject);
  const described = list(value, subject);
  return new Map(described.map((one) => [one.instanceId, one]));
}

function list(value: unknown, subject: string): readonly Described[] {
  if (Array.isArray(value)) return parseValue(v.array(Instance), value, subject);
  if (typeof value === 'object' && value !== null && 'Instances' in value) {
    return parseValue(Answer, value, subject);
  }
  return [parseValue(Instance, value, subject)];
}
