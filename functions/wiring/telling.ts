import type { AuditTrail } from '../../shared/domain/model/audit.ts';
import type { Rollouts } from '../../shared/domain/model/ports.ts';
import type { Base } from '../entry.ts';
import { cardWakesOf } from './card-wakes.ts';
import { tellingHistory } from './history.ts';

/** Something that is told when an invocation ends, however it ends. Never rejects. */
export interface Flush {
  flush(): Promise<void>;
}

/**
 * Makes a handler that, when it ends, has told what it wrote: the history of rollouts to the log and the
 * audit trail, and their cards that there is something new. All at once: whoever waits for the answer
 * waits for the slowest.
 */
export function telling<
  P extends { readonly rollouts: Rollouts; readonly audit: AuditTrail },
  A extends unknown[],
  R,
>(
  base: Base,
  ports: P,
  make: (ports: P) => (...args: A) => Promise<R>,
): (...args: A) => Promise<R> {
  const history = tellingHistory(ports.rollouts, { audit: ports.audit, log: base.log });
  const cards = cardWakesOf(base, history.rollouts);
  const { rollouts } = cards ?? history;
  return flushing(make({ ...ports, rollouts }), cards === undefined ? [history] : [history, cards]);
}

export function flushing<A extends unknown[], R>(
  handle: (...args: A) => Promise<R>,
  parts: readonly Flush[],
): (...args: A) => Promise<R> {
  return async (...args) => {
    try {
      return await handle(...args);
    } finally {
      await Promise.all(parts.map((part) => part.flush()));
    }
  };
}
