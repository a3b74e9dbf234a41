import { shown } from '../../contract/parse.ts';
import { CONDITION_HELP } from '../../contract/requests/selector.ts';
import { INSTANCE_ID } from '../../contract/names.ts';
import {
  CONDITION_NAMES,
  CONDITIONS,
  type Selector,
  TAG_WORD,
} from '../../domain/model/selector.ts';
import { Misread } from './misread.ts';
import { nearest } from './nearest.ts';
import type { Words } from './words.ts';

/** The fields of a selector, by their words in a line and in the order of the help. */
export const TARGET_WORDS: ReadonlyMap<string, keyof Selector> = new Map<string, keyof Selector>([
  [TAG_WORD, 'tags'],
  ...CONDITION_NAMES.map((name) => [CONDITIONS[name].word, name] as const),
]);

const WORDS = [...TARGET_WORDS.keys()];

/** The instance ids or the selector of a request. @throws {Misread} when there are neither */
export function targetsIn(words: Words): Record<string, unknown> {
  const first = words.keyword();
  if (first !== undefined && TARGET_WORDS.has(first)) return { selector: selectorIn(words) };
  if (first !== undefined && !INSTANCE_ID.test(first)) {
    const meant = nearest(first, WORDS);
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
    const word = words.keyword() ?? '';
    const field = conditionIn(word, words);
    if (field === 'tags') addTags(tags, words);
    else if (Object.hasOwn(selector, field)) {
      throw new Misread(`Cannot take "${word}" twice: an instance has only one`);
    } else
      selector[field] = words.take(`the value of "${word}"`, { hint: hintOf(word, field) }).text;
  } while (words.takeIf('and'));
  return tags.size === 0 ? selector : { ...selector, tags: Object.fromEntries(tags) };
}

function conditionIn(word: string, words: Words): keyof Selector {
  const field = TARGET_WORDS.get(word);
  if (field === undefined) {
    throw words.meant(`a condition (${WORDS.join(', ')})`, nearest(word, WORDS));
  }
  words.skip();
  return field;
}

function addTags(tags: Map<string, string>, words: Words): void {
  const hint = hintOf(TAG_WORD, 'tags');
  do {
    const key = words.take('the key of a tag', { hint }).text;
    if (!words.takeMark('='))
      throw words.missing(`"=" and the value of tag ${shown(key)}`, { hint });
    if (tags.has(key)) throw new Misread(`Cannot take tag ${shown(key)} twice: it has one value`);
    tags.set(key, words.take(`the value of tag ${shown(key)}`, { hint }).text);
  } while (words.takeMark(','));
}

function hintOf(word: string, field: keyof Selector): string {
  return `Such as: ${word} ${CONDITION_HELP[field].example}`;
}
