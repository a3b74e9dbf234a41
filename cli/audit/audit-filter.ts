import type { AuditEntry } from '../../shared/domain/audit.ts';

/** Each condition that is given must hold. */
export interface AuditFilter {
  readonly instance?: string;
  readonly keyPair?: string;
  readonly by?: string;
  readonly rollout?: string;
  readonly what?: string;
}

/**
 * Which instances a rollout has is told by its first entry: one that began before `entries` do is not found
 * by an instance.
 *
 * @param entries oldest first
 */
export async function* filtered(
  entries: AsyncIterable<AuditEntry>,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry> {
  const withInstance = new Set<string>();
  for await (const entry of entries) {
    const { rolloutId, instanceIds } = entry;
    if (filter.instance !== undefined && instanceIds?.includes(filter.instance) === true) {
      withInstance.add(rolloutId);
    }
    if (filter.instance !== undefined && !withInstance.has(rolloutId)) continue;
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
