import type { Snapshot } from './instance.ts';

/** A property that instances can have in common, besides their tags. */
interface Condition {
  /** Its name in a chat. */
  readonly word: string;
  readonly example: string;
  /** Which instances it selects, for help texts: "instances in this zone". */
  readonly about: string;
  /** The property that is compared with the value of the condition. */
  readonly valueOf: (snapshot: Snapshot) => string | null;
  /** The property only has to begin with the value. */
  readonly isPrefix?: true;
}

/**
 * Every condition of a selector except `tags`, by its name in requests. All doors read this table: what a
 * new condition needs besides a row here is in CONTRIBUTING.md.
 */
export const CONDITIONS = {
  keyPairName: {
    word: 'keypair',
    example: 'ops-2025',
    about: 'bound to this key pair now',
    valueOf: ({ keyPairName }) => keyPairName,
  },
  zoneId: {
    word: 'zone',
    example: 'cn-hangzhou-h',
    about: 'in this zone',
    valueOf: ({ zoneId }) => zoneId,
  },
  vpcId: {
    word: 'vpc',
    example: 'vpc-bp1a',
    about: 'in this VPC',
    valueOf: ({ vpcId }) => vpcId,
  },
  resourceGroupId: {
    word: 'group',
    example: 'rg-bp1a',
    about: 'in this resource group',
    valueOf: ({ resourceGroupId }) => resourceGroupId,
  },
  namePrefix: {
    word: 'name',
    example: 'web-',
    about: 'with a name that begins with this text',
    valueOf: ({ name }) => name,
    isPrefix: true,
  },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;

/** In the order in which help and messages name them. */
export const CONDITION_NAMES = Object.keys(CONDITIONS) as ConditionName[];

/** The condition that has several values, and so stands beside the table. */
export const TAGS = {
  word: 'tag',
  example: 'team=web,env=test',
  about: 'with each of these tags and exactly these values',
} as const;

/** Selects targets by properties. Every condition given must hold, and at least one is given. */
export type Selector = {
  /** Each of these tags with exactly this value; `{}` for any. */
  readonly tags: Readonly<Record<string, string>>;
} & {
  /** null for any. */
  readonly [C in ConditionName]: string | null;
};

/** An object with something for each condition. */
export function eachCondition<T>(make: (name: ConditionName) => T): Record<ConditionName, T> {
  return Object.fromEntries(CONDITION_NAMES.map((name) => [name, make(name)])) as Record<
    ConditionName,
    T
  >;
}

/** A selector to add conditions to. As it is, it selects nothing. */
export const NO_CONDITIONS: Selector = { tags: {}, ...eachCondition(() => null) };

/** Whether the one condition holds. Upper and lower case differ. */
export function conditionHolds(name: ConditionName, value: string, snapshot: Snapshot): boolean {
  const { valueOf, isPrefix }: Condition = CONDITIONS[name];
  const own = valueOf(snapshot);
  return isPrefix === true ? own !== null && own.startsWith(value) : own === value;
}
