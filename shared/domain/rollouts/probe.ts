import type { RequestLedger } from '../model/ports.ts';

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
