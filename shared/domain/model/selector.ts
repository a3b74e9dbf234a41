import type { Snapshot } from './instance.ts';

/** A property of an instance that is a text. */
type TextProperty = {
  [P in keyof Snapshot]: Snapshot[P] extends string | null ? P : never;
}[keyof Snapshot];

interface Condition {
  /** Its name in a chat. */
  readonly word: string;
  /** What of an instance is compared with the value of the condition. */
  readonly property: TextProperty;
  /** The property only has to begin with the value. */
  readonly isPrefix?: true;
}

/**
 * Every condition of a selector except `tags`, by its name in requests. All doors read this table. What a
 * new condition needs besides a row here: CONTRIBUTING.md.
 */
export const CONDITIONS = {
  keyPairName: { word: 'keypair', property: 'keyPairName' },
  zoneId: { word: 'zone', property: 'zoneId' },
  vpcId: { word: 'vpc', property: 'vpcId' },
  resourceGroupId: { word: 'group', property: 'resourceGroupId' },
  namePrefix: { word: 'name', property: 'name', isPrefix: true },
} as const satisfies Record<string, Condition>;

export type ConditionName = keyof typeof CONDITIONS;

/** In the order in which help and messages name them. */
export const CONDITION_NAMES = /* @__PURE__ */ Object.keys(CONDITIONS) as ConditionName[];

/** The word for `tags` in a chat. They have several values, and so stand beside the table. */
export const TAG_WORD = 'tag';

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
export const NO_CONDITIONS: Selector = /* @__PURE__ */ noConditions();

function noConditions(): Selector {
  return { tags: {}, ...eachCondition(() => null) };
}

/** Whether the one condition holds. Upper and lower case differ. */
export function conditionHolds(name: ConditionName, value: string, snapshot: Snapshot): boolean {
  const { property, isPrefix }: Condition = CONDITIONS[name];
  const own = snapshot[property];
  return isPrefix === true ? own?.startsWith(value) === true : own === value;
}
