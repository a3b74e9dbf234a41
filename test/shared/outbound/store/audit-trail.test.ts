import { describe, test } from 'vitest';
import type { AuditEntry } from '../../../../shared/domain/model/audit.ts';
import { readAudit, tablestoreAudit } from '../../../../shared/outbound/store/audit-trail.ts';
import { withTablestore } from '../tablestore/bench.ts';

const MIDNIGHT_MS = Date.UTC(2026, 10, 24);

function anEntry(over: Partial<AuditEntry> = {}): AuditEntry {
  return {
    seq: 0,
    atMs: MIDNIGHT_MS,
    what: 'created',
    count: 2,
    detail: '',
    requestId: '',
    by: 'ci',
    rolloutId: 'ro-a',
    regionId: 'cn-hangzhou',
    keyPairName: 'ops',
    door: 'webhook',
    client: 'ci',
    instanceIds: ['i-a', 'i-b'],
    ...over,
  };
}

async function all<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const entry of entries) found.push(entry);
  return found;
}

describe('the audit trail', () => {
  test('gives back what was appended, oldest first, over the ends of days', async ({ expect }) => {
    await withTablestore(async ({ client }) => {
      const entries = [
        anEntry({ atMs: MIDNIGHT_MS - 1, seq: 0 }),
        anEntry({ atMs: MIDNIGHT_MS, seq: 1, what: 'attached', instanceIds: null }),
        anEntry({ atMs: MIDNIGHT_MS, seq: 2, what: 'done', instanceIds: null }),
        anEntry({ atMs: MIDNIGHT_MS + 86_400_000, rolloutId: 'ro-b' }),
      ];
      await tablestoreAudit(client).append(entries.toReversed());
      expect(
        await all(readAudit(client, MIDNIGHT_MS - 86_400_000, MIDNIGHT_MS + 2 * 86_400_000)),
      ).toEqual(entries);
      expect(await all(readAudit(client, MIDNIGHT_MS, MIDNIGHT_MS + 86_400_000))).toEqual(
        entries.slice(1, 3),
      );
      expect(await all(readAudit(client, 0, 1))).toEqual([]);
    });
  });

  test('has an entry once, however often it was appended', async ({ expect }) => {
    await withTablestore(async ({ client }) => {
      const audit = tablestoreAudit(client);
      const entries = [anEntry(), anEntry({ seq: 1 })];
      await audit.append(entries);
      await audit.append(entries);
      await audit.append([...entries, ...entries]);
      await audit.append([]);
      expect(await all(readAudit(client, MIDNIGHT_MS, MIDNIGHT_MS + 1))).toEqual(entries);
    });
  });

  test('takes more entries than one call holds', async ({ expect }) => {
    await withTablestore(async ({ client }) => {
      const entries = Array.from({ length: 450 }, (_, seq) => anEntry({ seq, instanceIds: null }));
      await tablestoreAudit(client).append(entries);
      expect(await all(readAudit(client, MIDNIGHT_MS, MIDNIGHT_MS + 1))).toEqual(entries);
    });
  });
});
