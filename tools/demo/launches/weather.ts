import type { Cloud } from '../../../local/cloud/index.ts';
import type { Fault } from '../../../local/cloud/kernel/faults.ts';

/** How late an event comes at most. ActionTrail's ten minutes would make the demo too long. */
const LATE_MS = 4_000;
/** One delivery in this many is repeated. */
const TWICE_EVERY = 3;

const ALWAYS = { service: 'eventbridge', action: 'Deliver', times: 1_000_000 };

/** Makes the event bus as unreliable as it may be, and counts repeated deliveries. */
export function weather({ kernel }: Pick<Cloud, 'kernel'>) {
  kernel.faults.replace([
    { ...ALWAYS, kind: 'scatter', delayMs: LATE_MS },
    { ...ALWAYS, kind: 'duplicate', every: TWICE_EVERY },
  ]);
  const faults = () => kernel.faults.toJSON() as readonly (Fault & { readonly struck: number })[];
  return {
    bus:
      `EventBridge delivers every event up to ${LATE_MS / 1_000} s late and out of order, and one delivery in ` +
      `${TWICE_EVERY} twice.`,
    duplicates: () => faults().find(({ kind }) => kind === 'duplicate')?.struck ?? 0,
  };
}
