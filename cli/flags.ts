import { Argument, Option } from 'commander';
import { readNumber, readRequestId, readRolloutId } from './read-argument.ts';

/**
 * What commander read of the flags. A command is given only those that it lists. Those of
 * request-flags.ts are read from its tables, except the few that a command itself names.
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
const jsonFlag = (what: string) => new Option('--json', `print ${what}`);

/** For commands that call the webhook. */
export const webhook = (json = 'one JSON document') => [
  jsonFlag(json),
  where('--url <url>', 'URL of attach (default: LATCHKEY_URL, else the local cloud)'),
  where(
    '--secret-file <file>',
    'file with the webhook secret (default: LATCHKEY_SECRET_FILE, else LATCHKEY_SECRET)',
  ),
  LOCAL,
];
/** For commands that change something through the webhook. */
export const post = () => [
  ...webhook(),
  new Option(
    '--id <id>',
    'webhook-id: the same request with the same id is carried out once',
  ).argParser(readRequestId),
];
/** For commands that call the cloud’s APIs. */
export const cloud = (json = 'one JSON document') => [jsonFlag(json), REGION, LOCAL];

export const YES = new Option('-y, --yes', 'do not ask');
export const FILE = new Option('--file <file>', 'instance ids, one a line; # begins a comment');
export const ALL_OF_PLAN = new Option('--all', 'show every instance of the plan');

/** Interval between polls: our own choice. */
const EVERY_SECONDS = '2';
export const EVERY = new Option('--every <s>', 'poll every so many seconds, 1 to 3600').default(
  EVERY_SECONDS,
);
export const FOR_SECONDS = new Option(
  '--for-seconds <s>',
  'stop watching after so long; the rollout continues',
);

/** For commands that can watch the rollout that they start. */
export const WATCHING = [
  new Option('-w, --watch', 'follow the rollout until it ends'),
  EVERY,
  FOR_SECONDS,
];

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
