import { test } from 'vitest';
import { tablestoreGlobalStop } from '../../../../shared/outbound/store/global-stop.ts';
import { tablestoreMemories } from '../../../../shared/outbound/store/instance-memories.ts';
import { tablestoreRollouts } from '../../../../shared/outbound/store/rollouts.ts';
import { INSTANCES } from '../../../../shared/outbound/store/tables.ts';
import { withTablestore } from '../tablestore/bench.ts';

const REGION = 'cn-hangzhou';
const STOP = { by: 'ops@example.com', atMs: Date.UTC(2026, 10, 24), reason: '停: incident 7' };
const later = { ...STOP, atMs: STOP.atMs + 1, reason: 'incident 8' };

test('a stop lasts from set to removal', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const stop = tablestoreGlobalStop(client, REGION);
    expect(await stop.read()).toBeNull();
    await stop.set(null);
    await stop.set(STOP);
    expect(await stop.read()).toEqual(STOP);
    await stop.set(later);
    expect(await stop.read()).toEqual(later);
    await stop.set(null);
    await stop.set(null);
    expect(await stop.read()).toBeNull();
  });
});

test('a stop applies to one region', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    await tablestoreGlobalStop(client, REGION).set(STOP);
    expect(await tablestoreGlobalStop(client, 'cn-beijing').read()).toBeNull();
  });
});

test('a stop does not expire, unlike a rollout', async ({ expect }) => {
  await withTablestore(async ({ client, clock }) => {
    const stop = tablestoreGlobalStop(client, REGION);
    await stop.set(STOP);
    clock.advance(91 * 86_400_000);
    expect(INSTANCES.timeToLiveSeconds).toBe(-1);
    expect(await stop.read()).toEqual(STOP);
  });
});

test('a stop is neither a rollout nor an instance', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    await tablestoreGlobalStop(client, REGION).set(STOP);
    const rollouts = tablestoreRollouts(client, { log: () => {} });
    expect(await rollouts.open()).toEqual([]);
    expect(await rollouts.newest(10)).toEqual([]);
    expect(await tablestoreMemories(client, REGION).recall(['i-a'])).toEqual(new Map());
  });
});

test('a stop whose columns cannot be read is a stop, and can be taken back', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const key = [
      ['region', REGION],
      ['instanceId', '!stop'],
    ] as const;
    const columns = new Map([['atMs', 'yesterday']]);
    const condition = { row: 'ignore' } as const;
    await client.writeRow(INSTANCES.name, { kind: 'put', key, columns, condition });
    const stop = tablestoreGlobalStop(client, REGION);
    expect(await stop.read()).toEqual({ by: '', atMs: 0, reason: '' });
    await stop.set(null);
    expect(await stop.read()).toBeNull();
  });
});

test.for(['before', 'after'] as const)(
  'setting and taking back are repeated when a connection breaks %s the effect',
  async (when, { expect }) => {
    await withTablestore(async ({ client, kernel }) => {
      const stop = tablestoreGlobalStop(client, REGION);
      const fault = { service: 'tablestore', kind: 'reset', when } as const;
      kernel.faults.replace([
        { ...fault, action: 'PutRow' },
        { ...fault, action: 'DeleteRow' },
      ]);
      await stop.set(STOP);
      expect(await stop.read()).toEqual(STOP);
      await stop.set(null);
      expect(await stop.read()).toBeNull();
    });
  },
);

test('removing a stop does not remove a newer one', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const stop = tablestoreGlobalStop(client, REGION);
    await stop.set(STOP);
    const late = tablestoreGlobalStop(
      {
        ...client,
        writeRow: async (...write) => {
          await stop.set(later);
          return client.writeRow(...write);
        },
      },
      REGION,
    );
    await expect(late.set(null)).rejects.toMatchObject({ code: 'conflict' });
    expect(await stop.read()).toEqual(later);
  });
});
