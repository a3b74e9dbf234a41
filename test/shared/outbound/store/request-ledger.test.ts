import { test } from 'vitest';
import type { RequestLedger } from '../../../../shared/domain/model/ports.ts';
import { tablestoreLedger } from '../../../../shared/outbound/store/request-ledger.ts';
import { REQUESTS } from '../../../../shared/outbound/store/tables.ts';
import { ModelLedger } from '../../../models/model-ledger.ts';
import { type Bench, withTablestore } from '../tablestore/bench.ts';

const DAY_MS = 86_400_000;
const lost = (action: string, times = 1) =>
  ({ service: 'tablestore', action, kind: 'reset', when: 'after', times }) as const;
const struck = (action: string, times = 1) =>
  ({ service: 'tablestore', action, kind: 'reset', when: 'before', times }) as const;

const withLedger = (use: (parts: Bench & { ledger: RequestLedger }) => Promise<void>) =>
  withTablestore((bench) => use({ ...bench, ledger: tablestoreLedger(bench.client) }));

async function behavesAsPromised(ledger: RequestLedger): Promise<unknown[]> {
  return [
    await ledger.take('ci', 'msg_1', 'a'),
    await ledger.take('ci', 'msg_1', 'a'),
    await ledger.take('ci', 'msg_1', 'b'),
    await ledger.take('other', 'msg_1', 'b'),
    await ledger.take('ci', 'msg_2', 'b'),
    await ledger.finish('ci', 'msg_1'),
    await ledger.finish('ci', 'msg_1'),
    await ledger.take('ci', 'msg_1', 'a'),
    await ledger.take('ci', 'msg_1', 'b'),
    await ledger.take('other', 'msg_1', 'b'),
    await ledger.take('ci', 'msg_2', 'b'),
  ];
}
const PROMISED = [
  'open',
  'open',
  'another',
  'open',
  'open',
  undefined,
  undefined,
  'done',
  'another',
  'open',
  'open',
];

test('an id belongs to its first request, and is done after it', ({ expect }) =>
  withLedger(async ({ ledger }) => {
    expect(await behavesAsPromised(ledger)).toEqual(PROMISED);
  }));

test('the in-memory model of other tests behaves the same', async ({ expect }) => {
  expect(await behavesAsPromised(new ModelLedger())).toEqual(PROMISED);
});

test('a new id costs one call', ({ expect }) =>
  withLedger(async ({ ledger, kernel }) => {
    await ledger.take('ci', 'msg_1', 'a');
    const { calls } = kernel;
    expect([calls.of('tablestore', 'PutRow'), calls.of('tablestore', 'GetRow')]).toEqual([1, 0]);
  }));

test.for([
  ['is lost', [lost('PutRow')]],
  ['is lost twice', [lost('PutRow', 2)]],
  ['comes only to the third try', [struck('PutRow', 2)]],
] as const)('taking is exact when its answer %s', ([, faults], { expect }) =>
  withLedger(async ({ ledger, kernel }) => {
    kernel.faults.replace(faults);
    expect(await ledger.take('ci', 'msg_1', 'a')).toBe('open');
    expect(await ledger.take('ci', 'msg_1', 'b')).toBe('another');
    expect(await ledger.take('ci', 'msg_1', 'a')).toBe('open');
  }),
);

test('taking an id rejects when every answer is lost, and can be repeated', ({ expect }) =>
  withLedger(async ({ ledger, kernel }) => {
    kernel.faults.replace([lost('PutRow', 3)]);
    await expect(ledger.take('ci', 'msg_1', 'a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ledger.take('ci', 'msg_1', 'a')).toBe('open');
    kernel.faults.replace([struck('PutRow', 3)]);
    await expect(ledger.take('ci', 'msg_2', 'a')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ledger.take('ci', 'msg_2', 'b')).toBe('open');
  }));

test.for([lost('UpdateRow', 2), struck('UpdateRow', 2)])(
  'finishing is repeated when its connection breaks %o',
  (fault, { expect }) =>
    withLedger(async ({ ledger, kernel }) => {
      await ledger.take('ci', 'msg_1', 'a');
      kernel.faults.replace([fault]);
      await ledger.finish('ci', 'msg_1');
      expect(await ledger.take('ci', 'msg_1', 'a')).toBe('done');
    }),
);

test('when many requests take one id with different bodies at once, one succeeds', ({ expect }) =>
  withLedger(async ({ ledger }) => {
    const digests = Array.from({ length: 20 }, (_, n) => `digest ${n}`);
    const answers = await Promise.all(digests.map((one) => ledger.take('ci', 'msg_1', one)));
    expect(answers.filter((one) => one === 'open')).toHaveLength(1);
    expect(answers.filter((one) => one === 'another')).toHaveLength(19);
  }));

test('an id is stored for as long as senders repeat webhooks, and is free afterwards', ({
  expect,
}) =>
  withLedger(async ({ ledger, clock }) => {
    await ledger.take('ci', 'msg_1', 'a');
    await ledger.finish('ci', 'msg_1');
    // The last of the retries that Standard Webhooks advises comes after 75 h 35 min.
    clock.advance((75 * 60 + 35) * 60_000);
    expect(await ledger.take('ci', 'msg_1', 'a')).toBe('done');
    expect(await ledger.take('ci', 'msg_1', 'b')).toBe('another');
    expect(REQUESTS.timeToLiveSeconds * 1_000).toBeGreaterThanOrEqual(4 * DAY_MS);
    clock.advance(6 * DAY_MS);
    await ledger.finish('ci', 'msg_1');
    expect(await ledger.take('ci', 'msg_1', 'b')).toBe('open');
  }));
