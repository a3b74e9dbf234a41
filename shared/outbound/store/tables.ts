/** A table that the deployment creates. Each column keeps one version. */
export interface TableDefinition {
  readonly name: string;
  readonly primaryKey: readonly { readonly name: string; readonly type: 'STRING' | 'INTEGER' }[];
  /** -1: rows never expire. Tablestore's minimum is one day. */
  readonly timeToLiveSeconds: number;
}

/** 90 days: our own choice. Tablestore expires each column on its own, 90 days after it was written. */
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

/** Never expires: a key that was bound a year ago without a restart since is still not effective. */
export const INSTANCES = {
  name: 'instances',
  primaryKey: [
    { name: 'region', type: 'STRING' },
    { name: 'instanceId', type: 'STRING' },
  ],
  timeToLiveSeconds: -1,
} as const satisfies TableDefinition;

/** 5 days: senders of Standard Webhooks repeat a delivery for up to 75 h 35 min. */
export const REQUESTS = {
  name: 'requests',
  primaryKey: [
    { name: 'client', type: 'STRING' },
    { name: 'requestId', type: 'STRING' },
  ],
  timeToLiveSeconds: 5 * 86_400,
} as const satisfies TableDefinition;

/** 5 days, like a request: nobody decides on an older plan. Our own choice. */
export const PLANS = {
  name: 'plans',
  primaryKey: [{ name: 'digest', type: 'STRING' }],
  timeToLiveSeconds: 5 * 86_400,
} as const satisfies TableDefinition;

/** The state of a rollout's card in a chat. Kept as long as the rollout. */
export const CARDS = {
  name: 'cards',
  primaryKey: [
    { name: 'rolloutId', type: 'STRING' },
    { name: 'place', type: 'STRING' },
  ],
  timeToLiveSeconds: ROLLOUT_LIFE_SECONDS,
} as const satisfies TableDefinition;

/** 400 days, so that a full year can be reported after its end: our own choice. */
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
