import {
  type AuditEntry,
  auditEntriesOf,
  type AuditTrail,
  newAuditEntries,
} from '../../shared/domain/model/audit.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log, Rollouts } from '../../shared/domain/model/ports.ts';
import { passedOn } from './passed-on.ts';

export interface ToldHistory {
  /** The same rollouts, but that what is added to their history is told. */
  readonly rollouts: Rollouts;
  /** Writes to the trail what was added. Never rejects: no rollout waits for its history. */
  flush(): Promise<void>;
}

/**
 * Logs each entry of a rollout's history once it is saved, and appends it to the audit trail.
 *
 * What is lost between a save and `flush` is appended when the rollout ends, as far as its row still has it:
 * the newest 200 entries. An entry may be logged twice when two invocations saved the same row in turn; in
 * the trail it is one.
 */
export function tellingHistory(
  rollouts: Rollouts,
  { audit, log }: { readonly audit: AuditTrail; readonly log: Log },
): ToldHistory {
  const open: AuditEntry[] = [];
  const tell = (entries: readonly AuditEntry[]) => {
    for (const { rolloutId, what, count, detail, requestId: ecsRequestId, by } of entries) {
      log('info', 'rollout', { rolloutId, what, count, detail, ecsRequestId, by });
    }
  };
  return {
    rollouts: {
      ...passedOn(rollouts),
      async create(rollout) {
        const created = await rollouts.create(rollout);
        if (created === 'created') {
          const entries = auditEntriesOf(rollout);
          tell(entries);
          open.push(...entries);
        }
        return created;
      },
      async save(before, after) {
        const saved = await rollouts.save(before, after);
        if (saved === 'saved') {
          const entries = newAuditEntries(before, after);
          tell(entries);
          const ends = before.phase !== 'done' && after.phase === 'done';
          open.push(...(ends ? auditEntriesOf(after) : entries));
        }
        return saved;
      },
    },
    async flush() {
      const entries = open.splice(0);
      if (entries.length === 0) return;
      try {
        await audit.append(entries);
      } catch (error) {
        log('error', error instanceof LatchkeyError ? 'audit-failed' : 'bug', { error });
      }
    },
  };
}
