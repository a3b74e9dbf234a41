import { describe, test } from 'vitest';
import { auditedRollouts } from '../../../functions/wiring/audit-and-cards.ts';
import type { AuditEntry } from '../../../shared/domain/model/audit.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { aWorld, rolloutIn } from '../../models/world.ts';

/** A world with audited rollouts, its audit trail and its log. */
function anAuditedWorld(append?: (entries: readonly AuditEntry[]) => Promise<void>) {
  const trail = new Map<string, AuditEntry>();
  const lines: Record<string, unknown>[] = [];
  const audit = {
    append:
      append ??
      (async (entries: readonly AuditEntry[]) => {
        for (const entry of entries) trail.set(`${entry.rolloutId} ${entry.seq}`, entry);
      }),
  };
  let audited: ReturnType<typeof auditedRollouts> | undefined;
  const world = aWorld([{ instanceId: 'i-a' }, { instanceId: 'i-b' }], {
    rollouts: (rollouts) => {
      audited = auditedRollouts(rollouts, {
        audit,
        log: (level, event, fields) => lines.push({ level, event, ...fields }),
      });
      return audited.rollouts;
    },
  });
  return { world, trail, lines, flush: () => audited!.flush() };
}

describe('the history of a rollout', () => {
  test('is written to the log and the audit trail, entry by entry', async ({ expect }) => {
    const { world, trail, lines, flush } = anAuditedWorld();
    const { rolloutId } = rolloutIn(await world.ask({ bakeSeconds: 0 }));
    await flush();
    expect([...trail.values()][0]).toMatchObject({
      what: 'created',
      seq: 0,
      rolloutId,
      keyPairName: 'ops',
      door: 'webhook',
      instanceIds: ['i-a', 'i-b'],
    });
    await world.settle();
    await flush();
    const { history } = await world.rollout(rolloutId);
    expect([...trail.values()].map(({ what, seq }) => ({ what, seq }))).toEqual(
      history.map(({ what, seq }) => ({ what, seq })),
    );
    expect(lines.map(({ what }) => what)).toEqual(history.map(({ what }) => what));
    expect(lines.at(-1)).toMatchObject({
      level: 'info',
      event: 'rollout',
      what: 'done',
      rolloutId,
    });
  });

  test('is appended again when the rollout ends, if an entry was lost', async ({ expect }) => {
    let isLost = true;
    const kept: AuditEntry[] = [];
    const { world, flush, lines } = anAuditedWorld(async (entries) => {
      if (isLost) throw new LatchkeyError('unavailable', 'Cannot write: it is down');
      kept.push(...entries);
    });
    const { rolloutId } = rolloutIn(await world.ask({ bakeSeconds: 0 }));
    await flush();
    expect(lines.at(-1)).toMatchObject({ level: 'error', event: 'audit-failed' });
    isLost = false;
    await world.settle();
    await flush();
    const { history } = await world.rollout(rolloutId);
    expect(new Set(kept.map(({ seq }) => seq))).toEqual(new Set(history.map(({ seq }) => seq)));
  });

  test('causes no call when no rollout was written', async ({ expect }) => {
    const { flush, trail, lines } = anAuditedWorld();
    await flush();
    expect([trail.size, lines]).toEqual([0, []]);
  });
});
