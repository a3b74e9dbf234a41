import type { AuditEntry } from '../../shared/domain/model/audit.ts';

/** Conditions on audit entries. All that are given must hold. */
export interface AuditFilter {
  readonly instance?: string;
  readonly keyPair?: string;
  readonly by?: string;
  readonly rollout?: string;
  readonly what?: string;
}

/**
 * Yields the entries that match. Only the first entry of a rollout lists its instances, so `instance` does
 * not find a rollout that began before `entries`.
 *
 * @param entries oldest first
 */
export async function* filtered(
  entries: AsyncIterable<AuditEntry>,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry> {
  const { instance } = filter;
  const withInstance = new Set<string>();
  for await (const entry of entries) {
    if (instance !== undefined) {
      if (entry.instanceIds?.includes(instance)) withInstance.add(entry.rolloutId);
      if (!withInstance.has(entry.rolloutId)) continue;
    }
    if (matches(entry, filter)) yield entry;
  }
}

function matches(entry: AuditEntry, { keyPair, by, rollout, what }: AuditFilter): boolean {
  return (
    (keyPair === undefined || entry.keyPairName === keyPair) &&
    (rollout === undefined || entry.rolloutId === rollout) &&
    (what === undefined || entry.what === what) &&
    (by === undefined || entry.client === by || entry.by.split(' ')[0] === by)
  );
}
