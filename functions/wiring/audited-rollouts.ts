import {
  type AuditEntry,
  auditEntriesOf,
  type AuditTrail,
  newAuditEntries,
} from '../../shared/domain/model/audit.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log, Rollouts } from '../../shared/domain/model/ports.ts';
import { watchedRollouts } from './watched-rollouts.ts';

interface AuditedRollouts {
  /** The same rollouts, with every new entry of their history logged. */
  readonly rollouts: Rollouts;
  /** Appends the new entries to the audit trail. Never rejects: a rollout does not wait for its history. */
  flush(): Promise<void>;
}

/**
 * Logs each entry of a rollout's history when it is saved, and appends it to the audit trail.
 *
 * Entries that were lost between a save and `flush` are appended when the rollout ends, as far as its row
 * still has them: the newest 200. When two invocations save the same row in turn, an entry may be logged
 * twice. The trail has it once.
 */
export function auditedRollouts(
  rollouts: Rollouts,
  { audit, log }: { readonly audit: AuditTrail; readonly log: Log },
): AuditedRollouts {
  const unwritten: AuditEntry[] = [];
  return {
    rollouts: watchedRollouts(rollouts, (after, before) => {
      const added = before === undefined ? auditEntriesOf(after) : newAuditEntries(before, after);
      for (const { rolloutId, what, count, detail, requestId: ecsRequestId, by } of added) {
        log('info', 'rollout', { rolloutId, what, count, detail, ecsRequestId, by });
      }
      const hasEnded = before?.phase !== 'done' && after.phase === 'done';
      unwritten.push(...(hasEnded ? auditEntriesOf(after) : added));
    }),
    async flush() {
      const entries = unwritten.splice(0);
      if (entries.length === 0) return;
      try {
        await audit.append(entries);
      } catch (error) {
        log('error', error instanceof LatchkeyError ? 'audit-failed' : 'bug', { error });
      }
    },
  };
}
