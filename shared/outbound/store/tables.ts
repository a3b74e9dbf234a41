/** The tables of design.md §4, as whoever deploys has to create them. One version a column. */
export interface TableDefinition {
  readonly name: string;
  readonly primaryKey: readonly { readonly name: string; readonly type: 'STRING' | 'INTEGER' }[];
  /** -1: never. Tablestore's least is one day. */
  readonly timeToLiveSeconds: number;
}

/** 90 days (design.md §4). Every column of a row ends for itself, 90 days after it was written. */
const ROLLOUT_LIFE_SECONDS = 90 * 86_400;

export const ROLLOUTS = {
  name: 'rollouts',
  primaryKey: [{ name: 'rolloutId', type: 'STRING' }],
  timeToLiveSeconds: ROLLOUT_LIFE_SECONDS,
} as const satisfies TableDefinition;

export const INDEX = {
  name: 'index',
  primaryKey: [
    { name: 'day', type: 'STRING' },
    { name: 'time', type: 'INTEGER' },
    { name: 'rolloutId', type: 'STRING' },
  ],
  timeToLiveSeconds: ROLLOUT_LIFE_SECONDS,
} as const satisfies TableDefinition;

/** Has no end: what was bound a year ago and never restarted is not effective to this day. */
export const INSTANCES = {
  name: 'instances',
  primaryKey: [
    { name: 'region', type: 'STRING' },
    { name: 'instanceId', type: 'STRING' },
  ],
  timeToLiveSeconds: -1,
} as const satisfies TableDefinition;

/** 5 days: webhooks are sent again for up to 75 h 35 min (facts: chatops-security §6.1). */
export const REQUESTS = {
  name: 'requests',
  primaryKey: [
    { name: 'client', type: 'STRING' },
    { name: 'requestId', type: 'STRING' },
  ],
  timeToLiveSeconds: 5 * 86_400,
} as const satisfies TableDefinition;

/** 5 days, as long as a request lives: nobody decides on an older plan. Our own choice. */
export const PLANS = {
  name: 'plans',
  primaryKey: [{ name: 'digest', type: 'STRING' }],
  timeToLiveSeconds: 5 * 86_400,
} as const satisfies TableDefinition;

/** What is shown of a rollout in a chat, as long as the rollout itself is kept. */
export const CARDS = {
  name: 'cards',
  primaryKey: [
    { name: 'rolloutId', type: 'STRING' },
    { name: 'place', type: 'STRING' },
  ],
  timeToLiveSeconds: ROLLOUT_LIFE_SECONDS,
} as const satisfies TableDefinition;

/** 400 days, so that a year can be told after its end: our own choice. */
export const AUDIT = {
  name: 'audit',
  primaryKey: [
    { name: 'day', type: 'STRING' },
    { name: 'entry', type: 'STRING' },
  ],
  timeToLiveSeconds: 400 * 86_400,
} as const satisfies TableDefinition;

export const TABLES: readonly TableDefinition[] = [
  ROLLOUTS,
  INDEX,
  INSTANCES,
  REQUESTS,
  PLANS,
  CARDS,
  AUDIT,
];
