import { refuse } from '../errors.ts';

/** Of one resource: https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-tagresources */
const MAX_TAGS = 20;
/** Characters of a key and of a value: https://help.aliyun.com/zh/ros/developer-reference/aliyun-ecs-sshkeypair */
const MAX_LENGTH = 128;

export type GivenTags = readonly {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}[];

/**
 * The tags that a request sets.
 *
 * @param systemTag a key that is accepted although its prefix is reserved for the vendor
 * @throws {EcsError} when one is malformed or given twice, or when there are too many
 */
export function readTags(given: GivenTags | undefined, systemTag = ''): Map<string, string> {
  const tags = new Map<string, string>();
  for (const { Key: key = '', Value: value = '' } of given ?? []) {
    if (key === '' || (key !== systemTag && !isAllowed(key))) refuse('InvalidTagKey.Malformed');
    if (!isAllowed(value)) refuse('InvalidTagValue.Malformed');
    if (tags.has(key)) refuse('Duplicate.TagKey');
    tags.set(key, value);
  }
  if (tags.size > MAX_TAGS) refuse('QuotaExceed.Tags');
  return tags;
}

/** @throws {EcsError} when the resource would have too many tags; it keeps those it had */
export function addTags(to: Map<string, string>, added: ReadonlyMap<string, string>): void {
  const total = new Set([...to.keys(), ...added.keys()]).size;
  if (total > MAX_TAGS) refuse('QuotaExceed.Tags');
  for (const [key, value] of added) to.set(key, value);
}

/** Whether a resource has all the tags of a request. A tag without a value matches any value. */
export function hasTags(tags: ReadonlyMap<string, string>, wanted: GivenTags | undefined): boolean {
  return (wanted ?? []).every(({ Key: key = '', Value: value }) => {
    const own = tags.get(key);
    return own !== undefined && (value === undefined || value === '' || own === value);
  });
}

/** As answers show them. */
export function tagsAnswer(tags: ReadonlyMap<string, string>) {
  return { Tag: [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })) };
}

function isAllowed(text: string): boolean {
  return text.length <= MAX_LENGTH && !/^(aliyun|acs:)|https?:\/\//.test(text);
}
