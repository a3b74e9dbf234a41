import type { Base } from '../entry.ts';
import { cardWakesOf } from './card-wakes.ts';
import { watchedRollouts } from './watched-rollouts.ts';
import {
  auditEntriesOf,
  type AuditEntry,
  type AuditTrail,
  newAuditEntries,
} from '../../shared/domain/model/audit.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log, Rollouts } from '../../shared/domain/model/ports.ts';

interface Flushable {
  /** Never rejects. */
  flush(): Promise<void>;
}

/**
 * Makes a handler that, at the end of each invocation, appends the history of the rollouts to the audit trail
 * and sends messages for their chat cards. It does both at once, to answer as soon as possible.
 */
export function withAuditAndCards<
  P extends { readonly rollouts: Rollouts; readonly audit: AuditTrail },
  A extends unknown[],
  R,
>(
  base: Base,
  ports: P,
  make: (ports: P) => (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  const audited = auditedRollouts(ports.rollouts, { audit: ports.audit, log: base.log });
  const cards = cardWakesOf(base, audited.rollouts);
  const { rollouts } = cards ?? audited;
  return flushAfter(
    make({ ...ports, rollouts }),
    cards === undefined ? [audited] : [audited, cards],
  );
}

/** Flushes the parts when the handler has ended, also when it has failed. */
export function flushAfter<A extends unknown[], R>(
  handle: (...args: A) => Promise<R>,
  parts: readonly Flushable[],
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await handle(...args);
    } finally {
      await Promise.all(parts.map((part) => part.flush()));
    }
  };
}

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
