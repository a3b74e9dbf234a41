import { LatchkeyError } from '../model/errors.ts';
import type { Ecs, RequestLedger } from '../model/ports.ts';

/** The client name of probes in the ledger. */
export const PROBE_CLIENT = 'latchkey probe';

/** Why the answering function may not do something, in the cloud's own words. */
export interface Refusal {
  /** '' for none. */
  readonly vendorCode: string;
  readonly message: string;
}

/** Answers a probe once. The ledger's digest of the request carries the answer. */
export async function answerProbe(
  id: string,
  refusals: readonly Refusal[],
  ledger: Pick<RequestLedger, 'take'>,
): Promise<void> {
  await ledger.take(PROBE_CLIENT, id, JSON.stringify(refusals));
}

/** Why this function may not restart instances. So a missing permission is found before the first wave. */
export async function restartRefusals(ecs: Pick<Ecs, 'rehearse'>): Promise<Refusal[]> {
  const refusals = await Promise.all(
    (['reboot', 'start'] as const).map(async (how) => {
      try {
        await ecs.rehearse(how);
        return [];
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        return [{ vendorCode: error.details.vendorCode ?? '', message: error.message }];
      }
    }),
  );
  return refusals.flat();
}
