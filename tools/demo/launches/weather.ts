import type { Cloud } from '../../../local/cloud/index.ts';
import type { Fault } from '../../../local/cloud/kernel/faults.ts';

/** How late an event comes at most; ActionTrail's ten minutes would be a long demo. */
const LATE_MS = 4_000;
/** One delivery in so many comes twice. */
const TWICE_EVERY = 3;

const ALWAYS = { service: 'eventbridge', action: 'Deliver', times: 1_000_000 };

/** Makes the bus as bad as it may be, and counts. */
export function weather({ kernel }: Pick<Cloud, 'kernel'>): {
  readonly bus: string;
  readonly duplicates: () => number;
} {
  kernel.faults.replace([
    { ...ALWAYS, kind: 'scatter', delayMs: LATE_MS },
    { ...ALWAYS, kind: 'duplicate', every: TWICE_EVERY },
  ]);
  const faults = () => kernel.faults.toJSON() as readonly (Fault & { readonly struck: number })[];
  return {
    bus:
      `The bus delivers one event in ${TWICE_EVERY} twice, each up to ${LATE_MS / 1_000} s late and ` +
      'in any order; one instance is told of by several.',
    duplicates: () => faults().find(({ kind }) => kind === 'duplicate')?.struck ?? 0,
  };
}
