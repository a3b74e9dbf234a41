import type { Command } from 'commander';
import { usageError } from '../exit.ts';

/** Flags that several commands share, grouped as in the help. */

export interface JsonFlag {
  readonly json?: true;
}

const WHERE = 'Where Latchkey is:';

/** `WebhookFlags` */
export function withWebhook(command: Command): Command {
  return command
    .optionsGroup(WHERE)
    .option('--url <url>', 'URL of attach (default: LATCHKEY_URL, else the local cloud)')
    .option(
      '--secret-file <file>',
      'file with the webhook secret (default: LATCHKEY_SECRET_FILE, else LATCHKEY_SECRET)',
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

/** `DeploymentFlags` and the region, for commands that call the cloud’s APIs. */
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
    .optionsGroup('Select instances by conditions, which must all hold:')
    .option('--tag <key=value>', 'has this tag; can be repeated', collect)
    .option('--key-pair <name>', 'is bound to this key pair now')
    .option('--zone <id>', 'is in this zone')
    .option('--vpc <id>', 'is in this VPC')
    .option('--resource-group <id>', 'is in this resource group')
    .option('--name-prefix <text>', 'has a name with this prefix')
    .optionsGroup('Options:');
}

/** For an option that can be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** `RequestFlags`. The service's defaults apply to flags that are not given: docs/http.md. */
export function withRequest(command: Command): Command {
  return command
    .optionsGroup('What is done:')
    .option('--restart <how>', 'auto: reboot running instances; never: attach only (default: auto)')
    .option('--start-stopped', 'start stopped instances')
    .option(
      '--restart-already-attached',
      'also restart where the key pair is bound but may not work yet',
    )
    .option('--attach-mode <mode>', 'now: all at once; wave: each just before its restart')
    .option('--max-unavailable <n|n%>', 'instances that may be down at once (default: 10%)')
    .option('--ramp <how>', 'doubling: waves double in size; canary: 1 instance, then full waves')
    .option('--group-by <tag>', 'apply --max-unavailable also to each group by this tag')
    .option('--halt-after-failures <n>', 'halt after so many failures, 1 to 1000 (default: 1)')
    .option(
      '--bake-seconds <s>',
      'time that a wave must be ready before the next starts (default: 60)',
    )
    .option(
      '--ready-timeout-seconds <s>',
      'time for an instance to come back, 30 to 3600 (default: 300)',
    )
    .option(
      '--approve-within-seconds <s>',
      'wait for somebody else’s approval for so long, 60 to 604800',
    )
    .option('--break-glass <reason>', 'bypass window, freezes and approval; everybody is told')
    .option('--note <text>', 'one line about why, stored with the rollout')
    .optionsGroup('Options:');
}

const ID = /^[A-Za-z0-9_-]{1,128}$/;

export interface IdFlag {
  readonly id?: string;
}

export function withId(command: Command): Command {
  return command.option(
    '--id <id>',
    'webhook-id: the same request with the same id is carried out once',
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

/** Interval between polls: our own choice. */
const EVERY_SECONDS = '2';

export function withEvery(command: Command): Command {
  return command.option('--every <s>', 'poll every so many seconds, 1 to 3600', EVERY_SECONDS);
}

export function withWatch(command: Command): Command {
  return withEvery(command).option(
    '--for-seconds <s>',
    'stop watching after so long; the rollout continues',
  );
}

export function watchTimes({ every = EVERY_SECONDS, forSeconds }: WatchFlags) {
  return {
    everyMs: seconds('--every', every, 3_600) * 1_000,
    limitMs: forSeconds === undefined ? undefined : seconds('--for-seconds', forSeconds) * 1_000,
  };
}

/** Rollouts are kept for 90 days. */
const LONGEST_SECONDS = 90 * 86_400;

function seconds(flag: string, text: string, max = LONGEST_SECONDS): number {
  const value = Number(text);
  if (/^[0-9]{1,8}$/.test(text) && value >= 1 && value <= max) return value;
  throw usageError(`Cannot use ${flag} "${text}": must be a whole number from 1 to ${max}`);
}
