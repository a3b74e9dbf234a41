import type { Command } from 'commander';
import { FIELD_HELP, LIMITS } from '../../shared/contract/requests/rollout-request.ts';
import { CONDITION_HELP } from '../../shared/contract/requests/selector.ts';
import { DEFAULTS } from '../../shared/domain/model/defaults.ts';
import { CONDITION_NAMES } from '../../shared/domain/model/selector.ts';
import { usageError } from '../exit.ts';
import { CONDITION_FLAGS, REQUEST_FLAGS } from '../request-flags.ts';

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

/** `TargetFlags`, except `--file` */
export function withTargets(command: Command): Command {
  command.optionsGroup('Select instances by conditions, which must all hold:');
  command.option(CONDITION_FLAGS.tags, 'with this tag; can be repeated', collect);
  for (const name of CONDITION_NAMES) {
    command.option(CONDITION_FLAGS[name], CONDITION_HELP[name].about);
  }
  return command.optionsGroup('Options:');
}

/** For an option that can be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

/** All of `REQUEST_FLAGS`. */
export function withRequest(command: Command): Command {
  command.optionsGroup('What is done:');
  for (const [name, flag] of Object.entries(REQUEST_FLAGS)) {
    const field = name as keyof typeof REQUEST_FLAGS;
    command.option(flag, `${FIELD_HELP[field]}${valuesHelp(field)}`);
  }
  return command.optionsGroup('Options:');
}

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
