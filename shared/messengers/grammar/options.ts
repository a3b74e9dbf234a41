import { UNIT_SECONDS } from '../../lib/duration.ts';
import { shown } from '../../contract/parse.ts';
import type { Token } from './lexer.ts';
import { Misread } from './misread.ts';
import { nearest } from './nearest.ts';
import type { Words } from './words.ts';

type Kind = 'flag' | 'text' | 'count' | 'duration';

interface Option {
  /** The field of a request that it is; its limits are that field's. */
  readonly field: string;
  readonly kind: Kind;
  /** With a value that could be one; for messages and help. */
  readonly example: string;
  readonly does: string;
}

/** In the order of the help. What each one usually is: shared/domain/model/defaults.ts. */
export const OPTIONS = {
  'max-unavailable': {
    field: 'maxUnavailable',
    kind: 'text',
    example: '10%',
    does: 'how many may be restarting at once: a count, or a percentage',
  },
  ramp: {
    field: 'ramp',
    kind: 'text',
    example: 'canary',
    does: 'how waves grow: doubling, or canary (1, then as many as may be)',
  },
  'group-by': {
    field: 'groupBy',
    kind: 'text',
    example: 'shard',
    does: 'a tag key: --max-unavailable holds among each of its values too',
  },
  'halt-after': {
    field: 'haltAfterFailures',
    kind: 'count',
    example: '3',
    does: 'restarts nothing more after so many failed restarts',
  },
  bake: {
    field: 'bakeSeconds',
    kind: 'duration',
    example: '5m',
    does: 'how long a wave must stay ready before the next one',
  },
  'ready-timeout': {
    field: 'readyTimeoutSeconds',
    kind: 'duration',
    example: '10m',
    does: 'how long an instance may take to be ready again',
  },
  attach: {
    field: 'attach',
    kind: 'text',
    example: 'wave',
    does: 'now: all at once; wave: each wave just before its restart',
  },
  'no-restart': { field: 'restart', kind: 'flag', example: '', does: 'restarts nothing' },
  'start-stopped': {
    field: 'startStopped',
    kind: 'flag',
    example: '',
    does: 'starts what is Stopped',
  },
  'approve-within': {
    field: 'approveWithinSeconds',
    kind: 'duration',
    example: '30m',
    does: 'waits until somebody else approves, for so long',
  },
  'break-glass': {
    field: 'breakGlass',
    kind: 'text',
    example: '"outage 4711"',
    does: 'passes window, freezes and approval by, for this reason',
  },
  expect: {
    field: 'expectedPlanDigest',
    kind: 'text',
    example: 'sha256:…',
    does: 'the digest that the plan must have, all 64 digits of it',
  },
  note: {
    field: 'note',
    kind: 'text',
    example: '"rotation"',
    does: 'what it is for, as others read it',
  },
} as const satisfies Record<string, Option>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];

/** What people write elsewhere for options of ours, whose names are not near. */
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
 * Takes the options that follow, as fields of a request.
 *
 * @throws {Misread} for one that is not known, that comes twice, or whose value is no such value
 */
export function optionsIn(words: Words): Record<string, unknown> {
  const fields = new Map<string, unknown>();
  for (let token = words.peek(); token?.kind === 'option'; token = words.peek()) {
    const name = optionNamed(token);
    words.skip();
    const { field } = OPTIONS[name];
    if (fields.has(field)) throw new Misread(`Cannot take --${name} twice: once is enough`);
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
  const { kind }: Option = OPTIONS[name];
  const hint = `Such as: ${optionForm(name)}`;
  const hasMark = words.takeMark('=');
  switch (kind) {
    case 'flag':
      if (hasMark) throw new Misread(`Cannot read a value of --${name}: it takes none`);
      return name === 'no-restart' ? 'never' : true;
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
