import type { RequestLedger } from '../../shared/domain/model/ports.ts';

/** The `requests` table in memory. */
export class ModelLedger implements RequestLedger {
  readonly #rows = new Map<string, { readonly digest: string; isDone: boolean }>();

  async take(client: string, requestId: string, bodyDigest: string) {
    const key = `${client} ${requestId}`;
    const row = this.#rows.get(key) ?? { digest: bodyDigest, isDone: false };
    this.#rows.set(key, row);
    if (row.digest !== bodyDigest) return 'another';
    return row.isDone ? 'done' : 'open';
  }

  async finish(client: string, requestId: string): Promise<void> {
    const row = this.#rows.get(`${client} ${requestId}`);
    if (row !== undefined) row.isDone = true;
  }
}
