import { Option } from 'commander';
import { FIELD_HELP, LIMITS } from '../shared/contract/requests/rollout-request.ts';
import { CONDITION_HELP } from '../shared/contract/requests/selector.ts';
import { DEFAULTS } from '../shared/domain/model/defaults.ts';
import type { RolloutRequest } from '../shared/domain/model/request.ts';
import { CONDITION_NAMES, type Selector } from '../shared/domain/model/selector.ts';
import type { Flags } from './flags.ts';

/** The flag of each field of a rollout request that has one. */
const REQUEST_FLAGS = {
  restart: '--restart <how>',
  startStopped: '--start-stopped',
  restartAlreadyAttached: '--restart-already-attached',
  attach: '--attach-mode <mode>',
  maxUnavailable: '--max-unavailable <n|n%>',
  ramp: '--ramp <how>',
  groupBy: '--group-by <tag>',
  haltAfterFailures: '--halt-after-failures <n>',
  bakeSeconds: '--bake-seconds <s>',
  readyTimeoutSeconds: '--ready-timeout-seconds <s>',
  approveWithinSeconds: '--approve-within-seconds <s>',
  breakGlass: '--break-glass <reason>',
  note: '--note <text>',
} as const satisfies Partial<Record<keyof RolloutRequest, string>>;

/** The flag of each condition of a selector. */
export const CONDITION_FLAGS = {
  tags: '--tag <key=value>',
  keyPairName: '--key-pair <name>',
  zoneId: '--zone <id>',
  vpcId: '--vpc <id>',
  resourceGroupId: '--resource-group <id>',
  namePrefix: '--name-prefix <text>',
} as const satisfies Record<keyof Selector, string>;

/** Options by the field that they set, in the order of the help. */
type Options = ReadonlyMap<string, Option>;

export const REQUEST: Options = new Map(
  Object.entries(REQUEST_FLAGS).map(([name, flag]) => {
    const help = `${FIELD_HELP[name as keyof typeof REQUEST_FLAGS]}${valuesHelp(name)}`;
    return [name, new Option(flag, help).helpGroup('What is done:')];
  }),
);

/** The limits and the default of a field, for its help; '' where it has neither. */
function valuesHelp(field: string): string {
  const limits: Partial<Record<string, readonly [number, number]>> = LIMITS;
  const { attach: _, ...others } = DEFAULTS;
  // Only the CLI has a default for `restart`, and that of `attach` is another one in `rotate`.
  const defaults: Partial<Record<string, string | number>> = { ...others, restart: 'auto' };
  const parts = [limits[field]?.join(' to '), defaults[field] && `default: ${defaults[field]}`];
  const given = parts.filter((part) => part !== undefined);
  return given.length === 0 ? '' : ` (${given.join(', ')})`;
}

/** For an option that can be repeated. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), value];
}

const SELECT = 'Select instances by conditions, which must all hold:';
const tag = new Option(CONDITION_FLAGS.tags, 'with this tag; can be repeated').argParser(collect);

export const CONDITIONS: Options = new Map([
  ['tags', tag.helpGroup(SELECT)],
  ...CONDITION_NAMES.map((name): [string, Option] => {
    return [name, new Option(CONDITION_FLAGS[name], CONDITION_HELP[name].about).helpGroup(SELECT)];
  }),
]);

/** What was given for each option, by field. Flags not given are left out. */
export function valuesOf(options: Options, flags: Flags): Map<string, unknown> {
  const values: Readonly<Record<string, unknown>> = { ...flags };
  const all = [...options].map(
    ([field, option]) => [field, values[option.attributeName()]] as const,
  );
  return new Map(all.filter(([, value]) => value !== undefined));
}
