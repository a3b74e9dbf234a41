import type { OutMessage, RequestLedger } from './ports.ts';

/** Whose requests probes are in the ledger. */
export const PROBE_CLIENT = 'latchkey probe';

/** Answered in the ledger by whoever reads the queue, and by nothing else: so one can see that it came through. */
export function probeMessage(id: string): OutMessage {
  return { body: JSON.stringify({ schema: 'latchkey.probe/1', id }), delaySeconds: 0 };
}

/**
 * Answers a probe, once: what stands for the bytes of its request is what there is to tell.
 *
 * @param refusals what whoever answers may not do, a line each
 */
export async function answerProbe(
  id: string,
  refusals: readonly string[],
  ledger: Pick<RequestLedger, 'take'>,
): Promise<void> {
  await ledger.take(PROBE_CLIENT, id, JSON.stringify(refusals));
}

/** @returns what `answerProbe` was given */
export function refusalsIn(answer: string): string[] {
  return (JSON.parse(answer) as unknown[]).map(String);
}
