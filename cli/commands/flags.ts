import type { Command } from 'commander';
import { usageError } from '../exit.ts';

/** Flags that several commands share, in groups of their help. */

export interface JsonFlag {
  readonly json?: true;
}

const WHERE = 'Where Latchkey is:';

/** `WebhookFlags` */
export function withWebhook(command: Command): Command {
  return command
    .optionsGroup(WHERE)
    .option('--url <url>', 'of the function attach (default: LATCHKEY_URL, else the local cloud)')
    .option(
      '--secret-file <file>',
      'holds the webhook secret (default: LATCHKEY_SECRET_FILE, else LATCHKEY_SECRET)',
    )
    .option('--local <port>', 'the local cloud with this port base')
    .optionsGroup('Options:');
}

export function withRegion(command: Command): Command {
  return command
    .optionsGroup(WHERE)
    .option('--region <id>', 'such as cn-hangzhou (default: REGION_ID, else the local cloud’s)')
    .optionsGroup('Options:');
}

/** `DeploymentFlags` and the region, for what asks the cloud itself. */
export function withCloud(command: Command): Command {
  return withRegion(command)
    .optionsGroup(WHERE)
    .option('--local <port>', 'the local cloud with this port base')
    .optionsGroup('Options:');
}

export function withJson(command: Command, what = 'one JSON document'): Command {
  return command.option('--json', `print ${what}`);
}

/** `TargetFlags` */
export function withTargets(command: Command): Command {
  return command
    .optionsGroup('Instances, by conditions that must all hold:')
    .option('--tag <key=value>', 'has this tag; may be given more than once', collect)
    .option('--key-pair <name>', 'is bound to this key pair now')
    .option('--zone <id>', 'is in this zone')
    .option('--vpc <id>', 'is in this VPC')
    .option('--resource-group <id>', 'is in this resource group')
    .option('--name-prefix <text>', 'has a name that begins so')
    .optionsGroup('Options:');
}

/** For an option that may be given more than once. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** `RequestFlags`. What is not given is the service's own default: docs/http.md. */
export function withRequest(command: Command): Command {
  return command
    .optionsGroup('What is done:')
    .option('--restart <how>', 'auto: what runs is rebooted; never: attach only (default: auto)')
    .option('--start-stopped', 'start what is stopped')
    .option('--restart-already-attached', 'restart also what is bound, nobody knows since when')
    .option('--attach-mode <mode>', 'now: all at once; wave: each just before its restart')
    .option('--max-unavailable <n|n%>', 'most that may be down at once (default: 10%)')
    .option('--ramp <how>', 'waves grow by doubling, or canary: 1, then as many as may be')
    .option('--group-by <tag>', 'keep --max-unavailable inside each group with the same value too')
    .option(
      '--halt-after-failures <n>',
      'restart nothing more after so many, 1 to 1000 (default: 1)',
    )
    .option('--bake-seconds <s>', 'a wave is ready for so long before the next (default: 60)')
    .option('--ready-timeout-seconds <s>', 'an instance is back within, 30 to 3600 (default: 300)')
    .option('--approve-within-seconds <s>', 'somebody else has to approve, within 60 to 604800')
    .option('--break-glass <reason>', 'pass window, freezes and approval by; everybody is told')
    .option('--note <text>', 'one line about why, kept with the rollout')
    .optionsGroup('Options:');
}

const ID = /^[A-Za-z0-9_-]{1,128}$/;

export interface IdFlag {
  readonly id?: string;
}

export function withId(command: Command): Command {
  return command.option(
    '--id <id>',
    'webhook-id: the same request under the same id is done once',
    readId,
  );
}

function readId(text: string): string {
  if (ID.test(text)) return text;
  throw usageError(`Cannot use --id "${text}": must be 1 to 128 letters, digits, "-" and "_"`);
}

export interface WatchFlags {
  readonly every?: string;
  readonly forSeconds?: string;
}

/** What somebody looks at is looked up as often: our own choice. */
const EVERY_SECONDS = '2';

export function withEvery(command: Command): Command {
  return command.option('--every <s>', 'look every so many seconds, 1 to 3600', EVERY_SECONDS);
}

export function withWatch(command: Command): Command {
  return withEvery(command).option(
    '--for-seconds <s>',
    'watch no longer than that; the rollout goes on',
  );
}

export function watchTimes({ every = EVERY_SECONDS, forSeconds }: WatchFlags) {
  return {
    everyMs: seconds('--every', every, 3_600) * 1_000,
    limitMs: forSeconds === undefined ? undefined : seconds('--for-seconds', forSeconds) * 1_000,
  };
}

/** As long as a rollout is kept. */
const LONGEST_SECONDS = 90 * 86_400;

function seconds(flag: string, text: string, max = LONGEST_SECONDS): number {
  const value = Number(text);
  if (/^[0-9]{1,8}$/.test(text) && value >= 1 && value <= max) return value;
  throw usageError(`Cannot use ${flag} "${text}": must be a whole number from 1 to ${max}`);
}
