import type { RequestLedger } from '../model/ports.ts';

/** Whose requests probes are in the ledger. */
export const PROBE_CLIENT = 'latchkey probe';

/** What keeps whoever answers from something, in the cloud's own words. */
export interface Refusal {
  /** '' where the cloud gave none. */
  readonly vendorCode: string;
  readonly message: string;
}

/** Answers a probe, once: what stands for the bytes of its request is what there is to tell. */
export async function answerProbe(
  id: string,
  refusals: readonly Refusal[],
  ledger: Pick<RequestLedger, 'take'>,
): Promise<void> {
  await ledger.take(PROBE_CLIENT, id, JSON.stringify(refusals));
}
