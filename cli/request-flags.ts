import { Option } from 'commander';
import type { RolloutRequest } from '../shared/domain/model/request.ts';
import type { Selector } from '../shared/domain/model/selector.ts';

/** The flag of each field of a rollout request that has one. */
export const REQUEST_FLAGS = {
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

type Flags = Readonly<Partial<Record<keyof RolloutRequest | keyof Selector, string>>>;

/** What was given for each flag of a table, by field, as commander read it. Flags not given are left out. */
export function valuesOf(table: Flags, given: object): Map<string, unknown> {
  const values = given as Readonly<Record<string, unknown>>;
  return new Map(
    Object.entries(table).flatMap(([field, flag]) => {
      const value = values[new Option(flag).attributeName()];
      return value === undefined ? [] : [[field, value]];
    }),
  );
}

/** The flags of a table without their values, by field: `--bake-seconds`. */
export function namesOf(table: Flags): ReadonlyMap<string, string> {
  return new Map(Object.entries(table).map(([field, flag]) => [field, flag.split(' ')[0]!]));
}
