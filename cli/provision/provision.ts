import type { QueueAdmin, QueueAttributes } from '../../shared/outbound/smq/queue-admin.ts';
import type { Table, TableAdmin } from '../../shared/outbound/tablestore/table-admin.ts';
import type { RequiredStores } from './required-stores.ts';

export interface ProvisionPorts {
  queue(name: string): QueueAdmin;
  readonly tables: TableAdmin;
}

/** What is to be done about one queue or table. */
export interface Step {
  readonly kind: 'keep' | 'create' | 'change' | 'impossible' | 'remove' | 'absent';
  readonly what: 'queue' | 'table';
  readonly name: string;
  /** What differs, or what it will be; '' for nothing to say. */
  readonly detail: string;
  run(): Promise<void>;
}

const nothing = () => Promise.resolve();

/** What has to be done so that everything wanted is there: looks, and changes nothing. */
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
    const detail = `${lifeOf(found.timeToLiveSeconds)}, will be: ${lifeOf(timeToLiveSeconds)}`;
    return {
      ...about,
      kind: 'change',
      detail,
      run: () => ports.tables.changeTimeToLive(name, timeToLiveSeconds),
    };
  });
  return Promise.all([...queueSteps, ...tableSteps]);
}

/** What has to be done so that nothing of it is left, messages and rows included. */
export async function planDeprovision(
  { queues, tables }: RequiredStores,
  ports: ProvisionPorts,
): Promise<Step[]> {
  const queueSteps = queues.map(async ({ name }): Promise<Step> => {
    const admin = ports.queue(name);
    const isThere = (await admin.describe()) !== undefined;
    return removal('queue', name, isThere, () => admin.remove());
  });
  const names = await ports.tables.names();
  const tableSteps = tables.map(({ name }) =>
    removal('table', name, names.includes(name), () => ports.tables.remove(name)),
  );
  return [...(await Promise.all(queueSteps)), ...tableSteps];
}

function removal(what: Step['what'], name: string, isThere: boolean, run: Step['run']): Step {
  if (!isThere) return { kind: 'absent', what, name, detail: '', run: nothing };
  const detail = what === 'queue' ? 'with its messages' : 'with its rows';
  return { kind: 'remove', what, name, detail, run };
}

/** Whether anything is to be done at all. */
export function changes(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ kind }) => kind === 'create' || kind === 'change' || kind === 'remove');
}

function attributeDifference(found: QueueAttributes, wanted: QueueAttributes): string {
  return (Object.keys(wanted) as (keyof QueueAttributes)[])
    .filter((name) => found[name] !== wanted[name])
    .map((name) => `${name} ${found[name]}, will be ${wanted[name]}`)
    .join('; ');
}

function keyOf({ primaryKey }: Pick<Table, 'primaryKey'>): string {
  return primaryKey.map(({ name, type }) => `${name} ${type}`).join(', ');
}

function lifeOf(timeToLiveSeconds: number): string {
  return timeToLiveSeconds === -1
    ? 'rows never end'
    : `rows end after ${timeToLiveSeconds / 86_400} days`;
}
