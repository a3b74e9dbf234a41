import type { AuditTrail } from '../../shared/domain/model/audit.ts';
import type { Rollouts } from '../../shared/domain/model/ports.ts';
import type { Base } from '../entry.ts';
import { auditedRollouts } from './audited-rollouts.ts';
import { cardWakesOf } from './card-wakes.ts';

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
