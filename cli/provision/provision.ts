import {
  QUEUE_SETTINGS,
  type QueueAdmin,
  type QueueAttributes,
} from '../../shared/outbound/smq/queue-admin.ts';
import type { Table, TableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import { TABLES } from '../../shared/outbound/store/tables.ts';

/** The queues and tables that Latchkey needs. */
export interface RequiredStores {
  readonly queues: readonly { readonly name: string; readonly attributes: QueueAttributes }[];
  readonly tables: readonly Table[];
}

export function requiredStores(queueNames: readonly string[]): RequiredStores {
  return {
    queues: [...new Set(queueNames)].map((name) => ({ name, attributes: QUEUE_SETTINGS })),
    tables: TABLES,
  };
}

export interface ProvisionPorts {
  queue(name: string): QueueAdmin;
  readonly tables: TableAdmin;
}

/** What has to be done to one queue or table. */
export interface Step {
  readonly kind: 'keep' | 'create' | 'change' | 'impossible' | 'remove' | 'absent';
  readonly what: 'queue' | 'table';
  readonly name: string;
  /** The difference, or the settings of something new; '' when there is nothing to say. */
  readonly detail: string;
  run(): Promise<void>;
}

const nothing = () => Promise.resolve();

/** Finds the steps that make queues and tables as required. Reads only. */
export async function planProvision(
  { queues, tables }: RequiredStores,
  ports: ProvisionPorts,
): Promise<Step[]> {
  const queueSteps = queues.map(async ({ name, attributes }): Promise<Step> => {
    const admin = ports.queue(name);
    const found = await admin.describe();
    const about = { what: 'queue', name } as const;
    if (found === undefined) {
      const detail = `retention ${attributes.MessageRetentionPeriod} s, visibility ${attributes.VisibilityTimeout} s`;
      return { ...about, kind: 'create', detail, run: () => admin.create(attributes) };
    }
    const detail = attributeDifference(found, attributes);
    if (detail === '') return { ...about, kind: 'keep', detail, run: nothing };
    return { ...about, kind: 'change', detail, run: () => admin.change(attributes) };
  });
  const tableSteps = tables.map(async (table): Promise<Step> => {
    const { name, timeToLiveSeconds } = table;
    const found = await ports.tables.describe(name);
    const about = { what: 'table', name } as const;
    if (found === undefined) {
      const detail = `key ${keyOf(table)}, ${lifeOf(timeToLiveSeconds)}`;
      return { ...about, kind: 'create', detail, run: () => ports.tables.create(table) };
    }
    if (keyOf(found) !== keyOf(table)) {
      const detail = `its key is ${keyOf(found)}, must be ${keyOf(table)}: a key cannot be changed`;
      return { ...about, kind: 'impossible', detail, run: nothing };
    }
    if (found.timeToLiveSeconds === timeToLiveSeconds) {
      return { ...about, kind: 'keep', detail: '', run: nothing };
    }
    const detail = `${lifeOf(found.timeToLiveSeconds)}, must be: ${lifeOf(timeToLiveSeconds)}`;
    const run = () => ports.tables.changeTimeToLive(name, timeToLiveSeconds);
    return { ...about, kind: 'change', detail, run };
  });
  return Promise.all([...queueSteps, ...tableSteps]);
}

/** Finds the steps that delete queues and tables, with their messages and rows. Reads only. */
export async function planDeprovision(
  { queues, tables }: RequiredStores,
  ports: ProvisionPorts,
): Promise<Step[]> {
  const queueSteps = queues.map(async ({ name }): Promise<Step> => {
    const admin = ports.queue(name);
    const exists = (await admin.describe()) !== undefined;
    return removal('queue', name, exists, () => admin.remove());
  });
  const names = await ports.tables.names();
  const tableSteps = tables.map(({ name }) =>
    removal('table', name, names.includes(name), () => ports.tables.remove(name)),
  );
  return [...(await Promise.all(queueSteps)), ...tableSteps];
}

function removal(what: Step['what'], name: string, exists: boolean, run: Step['run']): Step {
  if (!exists) return { kind: 'absent', what, name, detail: '', run: nothing };
  const detail = what === 'queue' ? 'with its messages' : 'with its rows';
  return { kind: 'remove', what, name, detail, run };
}

/** The steps that change something. */
export function changes(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ kind }) => kind === 'create' || kind === 'change' || kind === 'remove');
}

function attributeDifference(found: QueueAttributes, required: QueueAttributes): string {
  return (Object.keys(required) as (keyof QueueAttributes)[])
    .filter((name) => found[name] !== required[name])
    .map((name) => `${name} is ${found[name]}, must be ${required[name]}`)
    .join('; ');
}

function keyOf({ primaryKey }: Pick<Table, 'primaryKey'>): string {
  return primaryKey.map(({ name, type }) => `${name} ${type}`).join(', ');
}

function lifeOf(timeToLiveSeconds: number): string {
  return timeToLiveSeconds === -1
    ? 'rows never expire'
    : `rows expire after ${timeToLiveSeconds / 86_400} days`;
}
