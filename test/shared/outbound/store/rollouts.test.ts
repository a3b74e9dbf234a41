import { test } from 'vitest';
import type { Fault } from '../../../../local/cloud/kernel/faults.ts';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { Rollout } from '../../../../shared/domain/model/rollout.ts';
import { tablestoreRollouts } from '../../../../shared/outbound/store/rollouts.ts';
import type { TablestoreClient } from '../../../../shared/outbound/tablestore/client.ts';
import { type Bench, withTablestore } from '../tablestore/bench.ts';
import { anEntry, anInstance, aRollout, CREATED_MS, next } from './builders.ts';

const log = () => {};
const on = (action: string, more: object): Fault => ({
  service: 'tablestore',
  action,
  kind: 'reset',
  ...(more as object),
});
const lost = (action: string, times = 1) => on(action, { when: 'after', times });
const struck = (action: string, times = 1) => on(action, { when: 'before', times });

async function withRollouts(
  use: (parts: Bench & { rollouts: ReturnType<typeof tablestoreRollouts> }) => Promise<void>,
): Promise<void> {
  await withTablestore((bench) =>
    use({ ...bench, rollouts: tablestoreRollouts(bench.client, { log }) }),
  );
}

const entryOf = ({ rolloutId, createdAtMs }: Rollout) => ({ rolloutId, createdAtMs });
const idOf = (letter: string) => `ro-${letter.repeat(26)}`;

/** A client that runs a hook before or after a call. */
function meanwhile(
  client: TablestoreClient,
  hooks: {
    readonly beforeGetRow?: () => Promise<void>;
    readonly beforeWriteRow?: () => Promise<void>;
  },
): TablestoreClient {
  return {
    ...client,
    getRow: async (read) => {
      await hooks.beforeGetRow?.();
      return client.getRow(read);
    },
    writeRow: async (...write) => {
      await hooks.beforeWriteRow?.();
      return client.writeRow(...write);
    },
  };
}

test('a rollout is created once, and loaded as it was', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const rollout = aRollout();
    expect(await rollouts.load(rollout.rolloutId)).toBeUndefined();
    expect(await rollouts.create(rollout)).toBe('created');
    expect(await rollouts.load(rollout.rolloutId)).toEqual(rollout);
    expect(await rollouts.create(aRollout({ planDigest: 'another' }))).toBe('exists');
    expect(await rollouts.load(rollout.rolloutId)).toEqual(rollout);
    expect(kernel.calls.of('tablestore', 'BatchWriteRow')).toBe(2);
  });
});

test('a save writes what changed, one call, and the next load sees it', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    const second = next(first, {
      phase: 'closing',
      instances: first.instances.with(
        1,
        anInstance(1, { attach: { kind: 'unknown', code: 'Timeout', untilMs: 5 } }),
      ),
      history: [...first.history, anEntry(1)],
    });
    expect(await rollouts.save(first, second)).toBe('saved');
    expect(kernel.calls.of('tablestore', 'UpdateRow')).toBe(1);
    expect(await rollouts.load(first.rolloutId)).toEqual(second);
    expect(await rollouts.save(first, second)).toBe('conflict');
  });
});

test('a save that skips a version, or is of another rollout, is a bug', async ({ expect }) => {
  await withRollouts(async ({ rollouts }) => {
    const first = aRollout();
    await expect(rollouts.save(first, first)).rejects.toThrow(TypeError);
    await expect(rollouts.save(first, next(first, { rolloutId: idOf('b') }))).rejects.toThrow(
      TypeError,
    );
  });
});

test('a thousand instances are created, saved whole and loaded', async ({ expect }) => {
  await withRollouts(async ({ rollouts }) => {
    const first = aRollout({ instances: Array.from({ length: 1_000 }, (_, i) => anInstance(i)) });
    await rollouts.create(first);
    const second = next(first, {
      instances: first.instances.map((one) => ({
        ...one,
        attach: { kind: 'attached', atMs: CREATED_MS, requestId: 'R' },
      })),
      history: [...first.history, ...Array.from({ length: 60 }, (_, i) => anEntry(i + 1))],
    });
    expect(await rollouts.save(first, second)).toBe('saved');
    expect(await rollouts.load(first.rolloutId)).toEqual(second);
  });
});

test.for([
  ['lost once', [lost('PutRow')]],
  ['lost twice', [lost('PutRow', 2)]],
  ['lost at every try', [lost('PutRow', 3)]],
  ['lost, and then not even asked', [lost('PutRow'), on('PutRow', { nth: 2, times: 2 })]],
] as const)('a creation whose answer is %s has created', ([, faults], { expect }) => {
  return withRollouts(async ({ rollouts, kernel }) => {
    const rollout = aRollout();
    kernel.faults.replace(faults);
    expect(await rollouts.create(rollout)).toBe('created');
    expect(await rollouts.load(rollout.rolloutId)).toEqual(rollout);
  });
});

test('a creation that came second reports it, also when its answer is lost', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    await rollouts.create(aRollout({ planDigest: 'the first' }));
    kernel.faults.replace([lost('PutRow', 3)]);
    expect(await rollouts.create(aRollout({ planDigest: 'the second' }))).toBe('exists');
  });
});

test('a creation that never arrives is in doubt, and can be repeated', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    kernel.faults.replace([struck('PutRow', 3)]);
    await expect(rollouts.create(aRollout())).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('not there yet'),
    });
    expect(await rollouts.create(aRollout())).toBe('created');
  });
});

test('a creation is in doubt when the read after it fails as well', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    kernel.faults.replace([
      lost('PutRow', 3),
      { service: 'tablestore', action: 'GetRow', kind: 'error', code: 'OTSServerBusy', times: 3 },
    ]);
    // Not `throttled`, which would say that nothing was done.
    await expect(rollouts.create(aRollout())).rejects.toMatchObject({ code: 'unavailable' });
  });
});

test.for([
  ['lost once', [lost('UpdateRow')]],
  ['lost at every try', [lost('UpdateRow', 3)]],
  ['lost, and then not even asked', [lost('UpdateRow'), on('UpdateRow', { nth: 2, times: 2 })]],
] as const)('a save whose answer is %s has saved', ([, faults], { expect }) => {
  return withRollouts(async ({ rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    const second = next(first, { phase: 'closing' });
    kernel.faults.replace(faults);
    expect(await rollouts.save(first, second)).toBe('saved');
    expect(await rollouts.load(first.rolloutId)).toEqual(second);
  });
});

test('a save that was overtaken is a conflict, also when its answers are lost', async ({
  expect,
}) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    const theirs = next(first, { phase: 'closing' });
    await rollouts.save(first, theirs);
    kernel.faults.replace([lost('UpdateRow', 3)]);
    // The same content: only the writer differs.
    expect(await rollouts.save(first, theirs)).toBe('conflict');
  });
});

test('a save that never arrives is in doubt, because it may arrive later', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    kernel.faults.replace([struck('UpdateRow', 3)]);
    await expect(rollouts.save(first, next(first))).rejects.toMatchObject({
      code: 'unavailable',
      traits: { certainty: 'maybe-done' },
    });
    expect(await rollouts.load(first.rolloutId)).toEqual(first);
  });
});

test('a save is reported as saved even if others saved since', async ({ expect }) => {
  await withRollouts(async ({ client, rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    const second = next(first);
    let others = 0;
    async function savesBeforeTheLook(count: number): Promise<'saved' | 'conflict'> {
      const slow = tablestoreRollouts(
        meanwhile(client, {
          async beforeGetRow() {
            for (let before = second; others < count; others++) {
              const after = next(before);
              expect(await rollouts.save(before, after)).toBe('saved');
              before = after;
            }
          },
        }),
        { log },
      );
      kernel.faults.replace([lost('UpdateRow')]);
      return slow.save(first, second);
    }
    expect(await savesBeforeTheLook(15)).toBe('saved');
  });
});

test('after sixteen saves by others the result is unknown, and the error says so', async ({
  expect,
}) => {
  await withRollouts(async ({ client, rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    const second = next(first);
    let before = second;
    const hooks = {
      async beforeGetRow() {
        while (before.version < second.version + 16) {
          const after = next(before);
          expect(await rollouts.save(before, after)).toBe('saved');
          before = after;
        }
      },
    };
    kernel.faults.replace([lost('UpdateRow')]);
    const slow = tablestoreRollouts(meanwhile(client, hooks), { log });
    const error: unknown = await slow.save(first, second).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error).toMatchObject({ code: 'unavailable' });
  });
});

test('saving an expired rollout is a conflict and restores nothing', async ({ expect }) => {
  await withRollouts(async ({ rollouts, clock }) => {
    const first = aRollout();
    await rollouts.create(first);
    clock.advance(91 * 86_400_000);
    expect(await rollouts.save(first, next(first))).toBe('conflict');
    expect(await rollouts.load(first.rolloutId)).toBeUndefined();
    expect(await rollouts.open()).toEqual([]);
  });
});

test('a row that cannot be read is no LatchkeyError, and is named', async ({ expect }) => {
  await withRollouts(async ({ rollouts, client }) => {
    const rollout = aRollout();
    await rollouts.create(rollout);
    await client.writeRow('rollouts', {
      kind: 'update',
      key: [['rolloutId', rollout.rolloutId]],
      columns: new Map([['i0001', '{}']]),
      condition: { row: 'exists' },
    });
    const error: unknown = await rollouts.load(rollout.rolloutId).catch((e: unknown) => e);
    expect(error).not.toBeInstanceOf(LatchkeyError);
    expect(String(error)).toContain(`rollout "${rollout.rolloutId}": column "i0001"`);
  });
});

test('open rollouts are listed oldest first, until they are closed', async ({ expect }) => {
  await withRollouts(async ({ rollouts }) => {
    const [old, young] = [
      aRollout({ rolloutId: idOf('b'), createdAtMs: CREATED_MS }),
      aRollout({ rolloutId: idOf('a'), createdAtMs: CREATED_MS + 1 }),
    ];
    await rollouts.create(young);
    await rollouts.create(old);
    expect(await rollouts.open()).toEqual([entryOf(old), entryOf(young)]);
    await rollouts.close(old);
    await rollouts.close(old);
    expect(await rollouts.open()).toEqual([entryOf(young)]);
    expect(await rollouts.newest(10)).toEqual([entryOf(young), entryOf(old)]);
  });
});

test('a closed rollout can be opened again, once and not twice', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const rollout = aRollout();
    await rollouts.create(rollout);
    await rollouts.close(rollout);
    kernel.faults.replace([lost('PutRow')]);
    await rollouts.reopen(rollout);
    await rollouts.reopen({ ...entryOf(rollout), origin: rollout.origin });
    expect(await rollouts.open()).toEqual([entryOf(rollout)]);
    expect(await rollouts.newest(10)).toEqual([entryOf(rollout)]);
    await rollouts.close(rollout);
    expect(await rollouts.open()).toEqual([]);
  });
});

test('only the open rollouts of a client are counted', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const { origin } = aRollout();
    const client = (id: string) => ({ door: 'webhook', client: id }) as const;
    const open = ['a', 'b', 'c'].map((letter) => aRollout({ rolloutId: idOf(letter) }));
    const others = [
      aRollout({ rolloutId: idOf('d'), origin: { ...origin, client: 'other' } }),
      // A launch rule, and a person, of the same name.
      aRollout({ rolloutId: idOf('e'), origin: { ...origin, door: 'launch' } }),
      aRollout({ rolloutId: idOf('f'), origin: { ...origin, door: 'chat' } }),
    ];
    expect(await rollouts.countOpen(client('ci'), 10)).toBe(0);
    for (const rollout of [...open, ...others]) await rollouts.create(rollout);
    // Reopened: two entries, one rollout.
    await rollouts.reopen({ ...open[0]!, createdAtMs: CREATED_MS + 5 });
    const before = kernel.calls.of('tablestore', 'GetRange');
    expect(await rollouts.countOpen(client('ci'), 10)).toBe(3);
    expect(kernel.calls.of('tablestore', 'GetRange') - before).toBe(1);
    expect(await rollouts.countOpen(client('ci'), 2)).toBe(2);
    await rollouts.close(open[1]!);
    expect(await rollouts.countOpen(client('ci'), 10)).toBe(2);
    await rollouts.reopen(open[1]!);
    expect(await rollouts.countOpen(client('ci'), 10)).toBe(3);
    expect(await rollouts.countOpen(client('other'), 10)).toBe(1);
    expect(await rollouts.countOpen(client('nobody'), 10)).toBe(0);
    expect(await rollouts.countOpen({ door: 'chat', client: 'ci' }, 10)).toBe(1);
  });
});

test('the newest are listed page by page, over days and over equal times', async ({ expect }) => {
  await withRollouts(async ({ rollouts }) => {
    const day = 86_400_000;
    const times = [0, 0, 0, 1, day, day, 40 * day].map((ms) => CREATED_MS + ms);
    const all = times.map((createdAtMs, i) =>
      aRollout({ rolloutId: idOf('abcdefg'[i]!), createdAtMs }),
    );
    for (const rollout of all) await rollouts.create(rollout);
    const newestFirst = all.map(entryOf).toReversed();
    expect(await rollouts.newest(100)).toEqual(newestFirst);
    const paged = [];
    let page = await rollouts.newest(2);
    while (page.length > 0) {
      paged.push(...page);
      page = await rollouts.newest(2, page.at(-1));
    }
    expect(paged).toEqual(newestFirst);
  });
});

test('a creation that dies between index and row leaves an entry without a rollout', async ({
  expect,
}) => {
  await withRollouts(async ({ client, rollouts }) => {
    const dies = { beforeWriteRow: () => Promise.reject(new Error('killed')) };
    const dying = tablestoreRollouts(meanwhile(client, dies), { log });
    const rollout = aRollout();
    await expect(dying.create(rollout)).rejects.toThrow('killed');
    const [entry] = await rollouts.open();
    expect(entry).toEqual(entryOf(rollout));
    expect(await rollouts.load(entry!.rolloutId)).toBeUndefined();
    await rollouts.close(entry!);
    expect(await rollouts.open()).toEqual([]);
    // The repeated request creates it at another time, and it is listed once.
    const again = aRollout({ createdAtMs: CREATED_MS + 75_000 });
    expect(await rollouts.create(again)).toBe('created');
    expect(await rollouts.open()).toEqual([entryOf(again)]);
  });
});

test('a creation that comes too late leaves no entries of its own', async ({ expect }) => {
  await withRollouts(async ({ rollouts }) => {
    const rollout = aRollout();
    await rollouts.create(rollout);
    expect(await rollouts.create(aRollout({ createdAtMs: CREATED_MS + 1 }))).toBe('exists');
    expect(await rollouts.open()).toEqual([entryOf(rollout)]);
    expect(await rollouts.newest(10)).toEqual([entryOf(rollout)]);
  });
});

test('creating a rollout again that is done does not open it again', async ({ expect }) => {
  await withRollouts(async ({ rollouts }) => {
    const rollout = aRollout();
    await rollouts.create(rollout);
    await rollouts.save(rollout, next(rollout, { phase: 'done' }));
    await rollouts.close(rollout);
    expect(await rollouts.create(rollout)).toBe('exists');
    expect(await rollouts.open()).toEqual([]);
  });
});

test('an index that cannot be written creates nothing', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    kernel.faults.replace([struck('BatchWriteRow', 3)]);
    await expect(rollouts.create(aRollout())).rejects.toMatchObject({ code: 'unavailable' });
    expect(kernel.calls.of('tablestore', 'PutRow')).toBe(0);
  });
});

test('of two saves at once exactly one succeeds', async ({ expect }) => {
  await withRollouts(async ({ rollouts, kernel }) => {
    const first = aRollout();
    await rollouts.create(first);
    kernel.faults.replace([lost('UpdateRow', 2)]);
    const racers = Array.from({ length: 5 }, (_, i) =>
      rollouts.save(first, next(first, { planDigest: `by ${i}` })),
    );
    const results = await Promise.all(racers);
    expect(results.filter((result) => result === 'saved')).toHaveLength(1);
    const winner = results.indexOf('saved');
    expect((await rollouts.load(first.rolloutId))?.planDigest).toBe(`by ${winner}`);
  });
});
