import { shown } from '../../contract/parse.ts';
import { INSTANCE_ID } from '../../contract/names.ts';
import { Misread } from './misread.ts';
import { nearest } from './nearest.ts';
import type { Words } from './words.ts';

interface Condition {
  /** The field of a selector that it is. */
  readonly field: string;
  readonly example: string;
  readonly does: string;
}

/** What instances can have in common. In the order of the help. */
export const CONDITIONS = {
  tag: {
    field: 'tags',
    example: 'team=web,env=test',
    does: 'have each of these tags, with exactly this value',
  },
  keypair: { field: 'keyPairName', example: 'ops-2025', does: 'are bound to this key pair now' },
  zone: { field: 'zoneId', example: 'cn-hangzhou-h', does: 'are in this zone' },
  vpc: { field: 'vpcId', example: 'vpc-bp1a', does: 'are in this VPC' },
  group: { field: 'resourceGroupId', example: 'rg-bp1a', does: 'are in this resource group' },
  name: { field: 'namePrefix', example: 'web-', does: 'have a name that begins so' },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;

export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

/** Ids as they come, or a selector, as a request has them. @throws {Misread} when there are neither */
export function targetsIn(words: Words): Record<string, unknown> {
  const first = words.keyword();
  if (first !== undefined && Object.hasOwn(CONDITIONS, first)) {
    return { selector: selectorIn(words) };
  }
  if (first !== undefined && !INSTANCE_ID.test(first)) {
    const meant = nearest(first, CONDITION_NAMES);
    if (meant !== undefined) throw words.meant('an instance id or a condition', meant);
  }
  return { instanceIds: idsIn(words) };
}

/** With commas or spaces between them, or both. */
function idsIn(words: Words): string[] {
  const ids = [words.take('an instance id or a condition').text];
  while (words.takeMark(',') || isAnotherId(words)) ids.push(words.take('an instance id').text);
  return ids;
}

function isAnotherId(words: Words): boolean {
  return words.peek()?.kind === 'word' && words.keyword() !== 'in';
}

function selectorIn(words: Words): Record<string, unknown> {
  const selector: Record<string, unknown> = {};
  const tags = new Map<string, string>();
  do {
    const name = conditionIn(words);
    const { field } = CONDITIONS[name];
    if (name === 'tag') addTags(tags, words);
    else if (Object.hasOwn(selector, field)) {
      throw new Misread(`Cannot take "${name}" twice: an instance has only one`);
    } else selector[field] = words.take(`the value of "${name}"`, { hint: formHint(name) }).text;
  } while (words.takeIf('and'));
  return tags.size === 0 ? selector : { ...selector, tags: Object.fromEntries(tags) };
}

function conditionIn(words: Words): ConditionName {
  const name = words.keyword() ?? '';
  if (!Object.hasOwn(CONDITIONS, name)) {
    const known = `a condition (${CONDITION_NAMES.join(', ')})`;
    throw words.meant(known, nearest(name, CONDITION_NAMES));
  }
  words.skip();
  return name as ConditionName;
}

function addTags(tags: Map<string, string>, words: Words): void {
  const hint = formHint('tag');
  do {
    const key = words.take('the key of a tag', { hint }).text;
    if (!words.takeMark('='))
      throw words.missing(`"=" and the value of tag ${shown(key)}`, { hint });
    if (tags.has(key)) throw new Misread(`Cannot take tag ${shown(key)} twice: it has one value`);
    tags.set(key, words.take(`the value of tag ${shown(key)}`, { hint }).text);
  } while (words.takeMark(','));
}

function formHint(name: ConditionName): string {
  return `Such as: ${name} ${CONDITIONS[name].example}`;
}
