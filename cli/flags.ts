import { Argument, Option } from 'commander';
import { FIELD_HELP, LIMITS } from '../shared/contract/requests/rollout-request.ts';
import { CONDITION_HELP } from '../shared/contract/requests/selector.ts';
import { DEFAULTS } from '../shared/domain/model/defaults.ts';
import { CONDITION_NAMES } from '../shared/domain/model/selector.ts';
import { readNumber, readRequestId, readRolloutId } from './read-argument.ts';
import { CONDITION_FLAGS, REQUEST_FLAGS } from './request-flags.ts';

/**
 * What commander read of the flags. A command is given only those that it lists. Those of `REQUEST_FLAGS` and
 * `CONDITION_FLAGS` are read from these tables, except the few that a command itself names.
 */
export interface Flags {
  readonly url?: string;
  readonly local?: string;
  readonly secretFile?: string;
  readonly region?: string;
  readonly json?: true;
  readonly id?: string;
  readonly every?: string;
  readonly forSeconds?: string;
  readonly all?: true;
  readonly yes?: true;
  readonly watch?: true;
  readonly file?: string;
  readonly tag?: readonly string[];
  readonly attachMode?: string;
  readonly breakGlass?: string;
  readonly note?: string;
}

/** Arguments and flags that several commands share, grouped as in the help. */

export const ROLLOUT = new Argument('<rollout>', 'its id').argParser(readRolloutId);
export const KEY_PAIR = new Argument('<key-pair>', 'to be bound');
export const IDS = new Argument('[ids...]', 'instances; - reads them from standard input');

const where = (flag: string, about: string) =>
  new Option(flag, about).helpGroup('Where Latchkey is:');
const LOCAL = where('--local <port>', 'the local cloud with this port base');
export const REGION = where(
  '--region <id>',
  'such as cn-hangzhou (default: REGION_ID, else the local cloud’s)',
);
/** For commands that call the webhook. */
export const WEBHOOK = [
  where('--url <url>', 'URL of attach (default: LATCHKEY_URL, else the local cloud)'),
  where(
    '--secret-file <file>',
    'file with the webhook secret (default: LATCHKEY_SECRET_FILE, else LATCHKEY_SECRET)',
  ),
  LOCAL,
];
/** For commands that call the cloud’s APIs. */
export const CLOUD = [REGION, LOCAL];

export const JSON_FLAG = new Option('--json', 'print one JSON document');
export const YES = new Option('-y, --yes', 'do not ask');
export const FILE = new Option('--file <file>', 'instance ids, one a line; # begins a comment');
export const ALL_OF_PLAN = new Option('--all', 'show every instance of the plan');
export const WATCH = new Option('-w, --watch', 'follow the rollout until it ends');
export const ID = new Option(
  '--id <id>',
  'webhook-id: the same request with the same id is carried out once',
).argParser(readRequestId);

/** For an option that can be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** All of `CONDITION_FLAGS`. */
export const TARGETS = [
  new Option(CONDITION_FLAGS.tags, 'with this tag; can be repeated').argParser(collect),
  ...CONDITION_NAMES.map((name) => new Option(CONDITION_FLAGS[name], CONDITION_HELP[name].about)),
].map((one) => one.helpGroup('Select instances by conditions, which must all hold:'));

/** All of `REQUEST_FLAGS`. */
export const REQUEST = Object.entries(REQUEST_FLAGS).map(([name, flag]) => {
  const field = name as keyof typeof REQUEST_FLAGS;
  return new Option(flag, `${FIELD_HELP[field]}${valuesHelp(field)}`).helpGroup('What is done:');
});

/** The limits and the default of a field, for its help; '' where it has neither. */
function valuesHelp(field: keyof typeof REQUEST_FLAGS): string {
  const limits: Partial<Record<string, readonly [number, number]>> = LIMITS;
  const { attach: _, ...others } = DEFAULTS;
  // Only the CLI has a default for `restart`, and that of `attach` is another one in `rotate`.
  const defaults: Partial<Record<string, string | number>> = { ...others, restart: 'auto' };
  const parts = [limits[field]?.join(' to '), defaults[field] && `default: ${defaults[field]}`];
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? '' : ` (${given.join(', ')})`;
}

/** Interval between polls: our own choice. */
const EVERY_SECONDS = '2';
export const EVERY = new Option('--every <s>', 'poll every so many seconds, 1 to 3600').default(
  EVERY_SECONDS,
);
export const FOR_SECONDS = new Option(
  '--for-seconds <s>',
  'stop watching after so long; the rollout continues',
);

/** Rollouts are kept for 90 days. */
const LONGEST_SECONDS = 90 * 86_400;

export function watchTimes({ every = EVERY_SECONDS, forSeconds }: Flags) {
  const ms = (flag: string, text: string, max: number) =>
    readNumber(flag, text, max, 'a whole number') * 1_000;
  return {
    everyMs: ms('--every', every, 3_600),
    limitMs:
      forSeconds === undefined ? undefined : ms('--for-seconds', forSeconds, LONGEST_SECONDS),
  };
}
