import type { KeyType, Table } from '../tablestore/table-admin.ts';
import {
  INF_MAX,
  INF_MIN,
  type KeyValue,
  type PrimaryKey,
  type RangeEnd,
} from '../tablestore/model.ts';

const DAY_SECONDS = 86_400;
/** Our own choice. Tablestore expires each column on its own, 90 days after it was written. */
const ROLLOUT_LIFE_DAYS = 90;

/** A table that the deployment creates, with its primary key. Without `days` its rows never expire. */
function table(name: string, primaryKey: Readonly<Record<string, KeyType>>, days?: number): Table {
  return {
    name,
    primaryKey: Object.entries(primaryKey).map(([column, type]) => ({ name: column, type })),
    timeToLiveSeconds: days === undefined ? -1 : days * DAY_SECONDS,
  };
}

export const ROLLOUTS = table('rollouts', { rolloutId: 'STRING' }, ROLLOUT_LIFE_DAYS);

export const INDEX = table(
  'index',
  { day: 'STRING', time: 'INTEGER', rolloutId: 'STRING' },
  ROLLOUT_LIFE_DAYS,
);

/** Never expires: a key that was bound a year ago without a restart since is still not effective. */
export const INSTANCES = table('instances', { region: 'STRING', instanceId: 'STRING' });

/** 5 days: senders of Standard Webhooks repeat a delivery for up to 75 h 35 min. */
export const REQUESTS = table('requests', { client: 'STRING', requestId: 'STRING' }, 5);

/** 5 days, like a request: nobody decides on an older plan. Our own choice. */
export const PLANS = table('plans', { digest: 'STRING' }, 5);

/** The state of a rollout's card in a chat. Kept as long as the rollout. */
export const CARDS = table('cards', { rolloutId: 'STRING', place: 'STRING' }, ROLLOUT_LIFE_DAYS);

/** 400 days, so that a full year can be reported after its end: our own choice. */
export const AUDIT = table('audit', { day: 'STRING', entry: 'STRING' }, 400);

export const TABLES = [ROLLOUTS, INDEX, INSTANCES, REQUESTS, PLANS, CARDS, AUDIT];

/** The key of a row by its values, in the order of the table's primary key. */
export function keyIn({ primaryKey }: Table, ...values: readonly KeyValue[]): PrimaryKey {
  return primaryKey.map(({ name }, index) => [name, values[index]!]);
}

/** Every row of the table whose first key column has this value, in the order of the other columns. */
export function rowsUnder({ name, primaryKey }: Table, first: string) {
  const end = (rest: typeof INF_MIN | typeof INF_MAX): RangeEnd =>
    primaryKey.map((column, index) => [column.name, index === 0 ? first : rest]);
  return { table: name, direction: 'forward', start: end(INF_MIN), end: end(INF_MAX) } as const;
}
