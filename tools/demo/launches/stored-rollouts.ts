import type { Cloud } from '../../../local/cloud/index.ts';
import type { Rollout } from '../../../shared/domain/model/rollout.ts';
import { decodeRollout } from '../../../shared/outbound/store/rollout-row.ts';
import { ROLLOUTS } from '../../../shared/outbound/store/tables.ts';

interface Row {
  readonly primaryKey: Readonly<Record<string, string>>;
  readonly columns: Readonly<Record<string, string | number>>;
}

/** Every rollout in the store of the local cloud. */
export function storedRollouts({ tablestore }: Pick<Cloud, 'tablestore'>): Rollout[] {
  const tables = tablestore.state() as readonly { name: string; rows: readonly Row[] }[];
  const rows = tables.find(({ name }) => name === ROLLOUTS.name)?.rows ?? [];
  return rows.flatMap(({ primaryKey, columns }) => {
    // The global stop has a row without a header.
    if (columns['header'] === undefined) return [];
    return decodeRollout(primaryKey['rolloutId']!, new Map(Object.entries(columns)));
  });
}
