import { UNIT_SECONDS } from '../../lib/duration.ts';
import { shown } from '../../contract/parse.ts';
import { OPTION_NAMES, type OptionName, OPTIONS } from '../../domain/chat/request-options.ts';
import type { Token } from './lexer.ts';
import { Misread } from './misread.ts';
import { nearest } from './nearest.ts';
import type { Words } from './words.ts';

/** Names of other tools for our options, too different from ours to be taken for slips. */
const MEANT: ReadonlyMap<string, OptionName> = new Map([
  ['batch-size', 'max-unavailable'],
  ['reason', 'note'],
  ['message', 'note'],
  ['timeout', 'ready-timeout'],
]);

/** An option as it is typed, with an example of its value. */
export function optionForm(name: OptionName): string {
  return `--${name} ${OPTIONS[name].example}`.trim();
}

/**
 * Reads the options at the end of a line, as fields of a request.
 *
 * @throws {Misread} for an unknown option, a repeated one, and a value that cannot be one
 */
export function optionsIn(words: Words): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (let token = words.peek(); token?.kind === 'option'; token = words.peek()) {
    const name = optionNamed(token);
    words.skip();
    const { field } = OPTIONS[name];
    if (fields.has(field)) throw new Misread(`Cannot take --${name} twice: give it once`);
    fields.set(field, valueOf(name, words));
  }
  return Object.fromEntries(fields);
}

function optionNamed({ name, from, to }: Token & { readonly kind: 'option' }): OptionName {
  if (Object.hasOwn(OPTIONS, name)) return name as OptionName;
  const near = nearest(name, OPTION_NAMES) ?? MEANT.get(name);
  throw new Misread(`Cannot read ${shown(`--${name}`)}: no such option`, {
    hint: near === undefined ? 'For all options: help options' : '',
    fix: near === undefined ? null : { from, to, by: `--${near}` },
  });
}

function valueOf(name: OptionName, words: Words): unknown {
  const hint = `Such as: ${optionForm(name)}`;
  const hasMark = words.takeMark('=');
  const option = OPTIONS[name];
  switch (option.kind) {
    case 'flag':
      if (hasMark) throw new Misread(`Cannot read a value of --${name}: it takes no value`);
      return option.sets;
    case 'word':
    case 'text':
      return words.take(`the value of --${name}`, { hint }).text;
    case 'count': {
      const { text } = words.take(`the count of --${name}`, { hint });
      if (!/^\d{1,9}$/.test(text)) throw noSuch(name, text, 'a whole number');
      return Number(text);
    }
    case 'duration': {
      const { text } = words.take(`the time of --${name}`, { hint });
      const seconds = secondsOf(text);
      if (seconds === undefined) throw noSuch(name, text, 'a time, such as 60, 90s, 5m, 2h or 1d');
      return seconds;
    }
  }
}

function noSuch(name: OptionName, text: string, what: string): Misread {
  return new Misread(`Cannot take --${name} ${shown(text)}: must be ${what}`);
}

/** `90`, `90s`, `5m`, `2h`, `1d`; undefined for anything else. */
function secondsOf(text: string): number | undefined {
  const [, count, unit = 's'] = /^(\d{1,7})([smhd])?$/.exec(text) ?? [];
  if (count === undefined) return undefined;
  return Number(count) * UNIT_SECONDS[unit as keyof typeof UNIT_SECONDS];
}
