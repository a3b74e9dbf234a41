import { test } from 'vitest';
import type { Fault } from '../../../../local/cloud/kernel/faults.ts';
import { isConditionFailure } from '../../../../shared/outbound/tablestore/errors.ts';
import type { ColumnCondition } from '../../../../shared/outbound/tablestore/model.ts';
import { withTablestore } from './bench.ts';

const key = (id: string) => [['rolloutId', id]] as const;
const ignore = { row: 'ignore' } as const;
const absent = { row: 'absent' } as const;
const fault = (
  action: string,
  kind: 'reset' | 'html502' | 'empty' | 'malformed' | 'throttle',
  more = {},
) => ({ service: 'tablestore', action, kind, ...more }) as Fault;
const busy = (action: string, more = {}) =>
  ({
    service: 'tablestore',
    action,
    kind: 'error',
    code: 'OTSServerBusy',
    status: 503,
    ...more,
  }) as Fault;

test('rows are put, read whole and in part, updated and deleted', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const columns = new Map<string, string | number>([
      ['text', '汉字 🔑'],
      ['empty', ''],
      ['number', -(2 ** 53) + 1],
    ]);
    await client.writeRow('rollouts', { kind: 'put', key: key('a'), columns, condition: absent });
    expect(await client.getRow({ table: 'rollouts', key: key('a') })).toEqual({
      key: key('a'),
      columns,
    });
    const part = { table: 'rollouts', key: key('a'), columns: ['number', 'nothing'] };
    expect((await client.getRow(part))?.columns).toEqual(new Map([['number', -(2 ** 53) + 1]]));

    const change = {
      kind: 'update',
      key: key('a'),
      columns: new Map([['number', 1]]),
      condition: ignore,
    } as const;
    await client.writeRow('rollouts', change);
    expect((await client.getRow({ table: 'rollouts', key: key('a') }))?.columns).toEqual(
      new Map(columns).set('number', 1),
    );
    await client.writeRow('rollouts', { kind: 'delete', key: key('a'), condition: ignore });
    expect(await client.getRow({ table: 'rollouts', key: key('a') })).toBeUndefined();
  });
});

test('a condition that does not hold is a conflict with the vendor code', async ({ expect }) => {
  await withTablestore(async ({ client, kernel }) => {
    const put = {
      kind: 'put',
      key: key('a'),
      columns: new Map([['v', 1]]),
      condition: absent,
    } as const;
    await client.writeRow('rollouts', put);
    await expect(client.writeRow('rollouts', put)).rejects.toMatchObject({
      code: 'conflict',
      message: 'Cannot PutRow: OTSConditionCheckFail Condition check failed.',
      details: { vendorCode: 'OTSConditionCheckFail', requestId: expect.any(String) },
    });
    expect(kernel.calls.of('tablestore', 'PutRow')).toBe(2);
  });
});

test('column conditions decide as written', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const columns = new Map([['v', 5]]);
    await client.writeRow('rollouts', { kind: 'put', key: key('a'), columns, condition: ignore });
    const compare = (comparator: '=' | '!=' | '<', value: number) =>
      ({ kind: 'compare', column: 'v', comparator, value, passIfMissing: false }) as const;
    const missing = (passIfMissing: boolean) =>
      ({ kind: 'compare', column: 'none', comparator: '=', value: 1, passIfMissing }) as const;
    const holds = (column: ColumnCondition) =>
      client
        .writeRow('rollouts', {
          kind: 'update',
          key: key('a'),
          columns: new Map([['seen', 1]]),
          condition: { row: 'exists', column },
        })
        .then(
          () => true,
          (error: unknown) => !isConditionFailure(error),
        );
    expect(await holds(compare('=', 5))).toBe(true);
    expect(await holds(compare('!=', 5))).toBe(false);
    expect(await holds(compare('<', 5))).toBe(false);
    expect(await holds(compare('<', 6))).toBe(true);
    expect(await holds(missing(true))).toBe(true);
    expect(await holds(missing(false))).toBe(false);
    expect(await holds({ kind: 'and', parts: [compare('=', 5), compare('=', 6)] })).toBe(false);
    expect(await holds({ kind: 'or', parts: [compare('=', 5), compare('=', 6)] })).toBe(true);
  });
});

test('a batch reports the result of each row', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const put = (id: string, condition: typeof ignore | typeof absent) =>
      ({ kind: 'put', key: key(id), columns: new Map([['id', id]]), condition }) as const;
    await client.batchWriteRow('rollouts', [put('b', ignore)]);
    const errors = await client.batchWriteRow(
      'rollouts',
      ['a', 'b', 'c'].map((id) => put(id, absent)),
    );
    expect(errors.map((error) => error?.details.vendorCode)).toEqual([
      undefined,
      'OTSConditionCheckFail',
      undefined,
    ]);
    const rows = await client.batchGetRow({
      table: 'rollouts',
      keys: ['c', 'none', 'a'].map(key),
      columns: ['id'],
    });
    expect(rows).toEqual([
      { key: key('c'), columns: new Map([['id', 'c']]) },
      undefined,
      { key: key('a'), columns: new Map([['id', 'a']]) },
    ]);
  });
});

test('a range is read in pages, both ways', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await client.batchWriteRow(
      'rollouts',
      ids.map((id) => ({
        kind: 'put',
        key: key(id),
        columns: new Map([['n', 1]]),
        condition: ignore,
      })),
    );
    const idsOf = (page: { rows: readonly { key: readonly (readonly [string, unknown])[] }[] }) =>
      page.rows.map((row) => row.key[0]![1]);
    const range = { table: 'rollouts', direction: 'forward', end: key('e'), limit: 3 } as const;
    const first = await client.getRange({ ...range, start: key('a') });
    expect(idsOf(first)).toEqual(['a', 'b', 'c']);
    const second = await client.getRange({ ...range, start: first.next! });
    expect(idsOf(second)).toEqual(['d']);
    expect(second.next).toBeUndefined();
    const back = { ...range, direction: 'backward', start: key('e'), end: key('a') } as const;
    expect(idsOf(await client.getRange(back))).toEqual(['e', 'd', 'c']);
  });
});

test.for(['reset', 'html502', 'empty', 'malformed'] as const)(
  'a read is tried again after %s, three times in all',
  async (kind, { expect }) => {
    await withTablestore(async ({ client, kernel }) => {
      kernel.faults.replace([fault('GetRow', kind, { times: 2 })]);
      expect(await client.getRow({ table: 'rollouts', key: key('a') })).toBeUndefined();
      kernel.faults.replace([fault('GetRow', kind, { times: 3 })]);
      await expect(client.getRow({ table: 'rollouts', key: key('a') })).rejects.toMatchObject({
        code: 'unavailable',
      });
      expect(kernel.calls.of('tablestore', 'GetRow')).toBe(6);
    });
  },
);

test('a write whose answer is lost is repeated', async ({ expect }) => {
  await withTablestore(async ({ client, kernel }) => {
    const put = {
      kind: 'put',
      key: key('a'),
      columns: new Map([['v', 1]]),
      condition: ignore,
    } as const;
    kernel.faults.replace([fault('PutRow', 'reset', { when: 'after' })]);
    await client.writeRow('rollouts', put);
    expect(kernel.calls.of('tablestore', 'PutRow')).toBe(2);
  });
});

test('a write is repeated when the server is busy', async ({ expect }) => {
  await withTablestore(async ({ client, kernel }) => {
    kernel.faults.replace([busy('PutRow', { times: 2 })]);
    const put = {
      kind: 'put',
      key: key('a'),
      columns: new Map([['v', 1]]),
      condition: absent,
    } as const;
    await client.writeRow('rollouts', put);
    expect(kernel.calls.of('tablestore', 'PutRow')).toBe(3);
    kernel.faults.replace([busy('PutRow', { times: 3 })]);
    await expect(client.writeRow('rollouts', put)).rejects.toMatchObject({
      code: 'throttled',
      details: { vendorCode: 'OTSServerBusy' },
    });
  });
});

test('an unknown error code counts as unavailable', async ({ expect }) => {
  await withTablestore(async ({ client, kernel }) => {
    kernel.faults.replace([
      {
        service: 'tablestore',
        action: 'PutRow',
        kind: 'error',
        code: 'OTSNews',
        status: 400,
        times: 3,
      },
    ]);
    const put = { kind: 'put', key: key('a'), columns: new Map(), condition: ignore } as const;
    await expect(client.writeRow('rollouts', put)).rejects.toMatchObject({
      code: 'unavailable',
      details: { vendorCode: 'OTSNews' },
    });
  });
});

test('STS credentials sign with their token; a wrong secret is forbidden', async ({ expect }) => {
  await withTablestore(async ({ clientWith, kernel }) => {
    const sts = kernel.account.issueSts('restart', 'i-1');
    const read = { table: 'rollouts', key: key('a') };
    expect(await clientWith({ credentials: async () => sts }).getRow(read)).toBeUndefined();
    const { securityToken: _, ...pair } = sts;
    for (const credentials of [pair, { ...sts, accessKeySecret: 'wrong' }]) {
      await expect(
        clientWith({ credentials: async () => credentials }).getRow(read),
      ).rejects.toMatchObject({ code: 'forbidden', details: { vendorCode: 'OTSAuthFailed' } });
    }
  });
});

test('a clock that is an hour off is refused by the server, not worked around', async ({
  expect,
}) => {
  await withTablestore(async ({ clientWith }) => {
    const client = clientWith({ wireNowMs: () => Date.now() - 3_600_000 });
    await expect(client.getRow({ table: 'rollouts', key: key('a') })).rejects.toMatchObject({
      code: 'forbidden',
    });
  });
});

test('a missing table is refused, unlike a missing row', async ({ expect }) => {
  await withTablestore(async ({ client }) => {
    await expect(client.getRow({ table: 'nowhere', key: key('a') })).rejects.toMatchObject({
      code: 'refused',
      details: { vendorCode: 'OTSObjectNotExist' },
    });
  });
});

test('a write above a limit is refused before it is sent', async ({ expect }) => {
  await withTablestore(async ({ client, kernel }) => {
    const put = (columns: ReadonlyMap<string, string | number>) =>
      client.writeRow('rollouts', { kind: 'put', key: key('a'), columns, condition: ignore });
    const many = (count: number) => new Map(Array.from({ length: count }, (_, i) => [`c${i}`, i]));
    await put(many(1_024));
    const megabytes = (count: number) => 'x'.repeat(count * 1_048_576);
    await expect(put(many(1_025))).rejects.toMatchObject({ code: 'too-large' });
    await expect(put(new Map([['a', `${megabytes(2)}x`]]))).rejects.toMatchObject({
      code: 'too-large',
    });
    const halves = new Map([
      ['a', megabytes(2)],
      ['b', megabytes(2)],
    ]);
    await expect(put(halves)).rejects.toMatchObject({ code: 'too-large' });
    expect(kernel.calls.of('tablestore', 'PutRow')).toBe(1);
  });
});

test('an answer with a wrong digest is unavailable', async ({ expect }) => {
  await withTablestore(async ({ spoiled }) => {
    // One more field: well formed, but not what was sent.
    const client = spoiled((answer) => ({ ...answer, body: `${String(answer.body)}\x20\x01` }));
    await expect(client.getRow({ table: 'rollouts', key: key('a') })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('the digest does not match the body'),
    });
  });
});
