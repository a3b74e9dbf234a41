import { test } from 'vitest';
import { digestOf } from '../../../../shared/domain/plan/plan.ts';
import type { PlanSummary } from '../../../../shared/domain/model/plan.ts';
import { tablestorePlanMemory } from '../../../../shared/outbound/store/plan-memory.ts';
import { PLANS } from '../../../../shared/outbound/store/tables.ts';
import type { ColumnValue } from '../../../../shared/outbound/tablestore/model.ts';
import { aSummary, sha256, silent } from '../../../models/builders.ts';
import { type Bench, withTablestore } from '../tablestore/bench.ts';

const SUMMARY = aSummary();
const DIGEST = digestOf(SUMMARY, sha256);

const aMemory = ({ client }: Bench, log = silent) => tablestorePlanMemory(client, { sha256, log });

test('a plan is stored under its digest, as often as it is shown', async ({ expect }) => {
  await withTablestore(async (bench) => {
    const plans = aMemory(bench);
    expect(await plans.recall(DIGEST)).toBeUndefined();
    await plans.remember(DIGEST, SUMMARY);
    await plans.remember(DIGEST, SUMMARY);
    expect(await plans.recall(DIGEST)).toEqual(SUMMARY);
    expect(await plans.recall(DIGEST.toUpperCase())).toBeUndefined();
  });
});

test('the largest possible plan fits', async ({ expect }) => {
  const summary: PlanSummary = aSummary({
    options: { groupBy: '🔑'.repeat(64), maxUnavailable: '10%' },
    instances: Array.from({ length: 1_000 }, (_, index) => [
      `i-${String(index).padStart(60, 'x')}`,
      'not-io-optimized',
      'reboot in window',
      'k'.repeat(128),
      'f'.repeat(128),
    ]),
  });
  const digest = digestOf(summary, sha256);
  await withTablestore(async (bench) => {
    const plans = aMemory(bench);
    await plans.remember(digest, summary);
    expect(await plans.recall(digest)).toEqual(summary);
  });
});

test('a plan expires after 5 days, and lasts longer when it is shown again', async ({ expect }) => {
  await withTablestore(async (bench) => {
    const plans = aMemory(bench);
    await plans.remember(DIGEST, SUMMARY);
    bench.clock.advance(4 * 86_400_000);
    await plans.remember(DIGEST, SUMMARY);
    bench.clock.advance(4 * 86_400_000);
    expect(await plans.recall(DIGEST)).toEqual(SUMMARY);
    bench.clock.advance(2 * 86_400_000);
    expect(await plans.recall(DIGEST)).toBeUndefined();
  });
});

test.for<[string, ColumnValue | undefined]>([
  ['no summary', undefined],
  ['a number', 7],
  ['no JSON', '{"regionId"'],
  ['another form', '{"regionId":"cn-hangzhou"}'],
  ['another plan', JSON.stringify(aSummary({ instances: [['i-b', 'attach', 'reboot']] }))],
])('a row with %s is no plan, and is told of in the log', async ([, text], { expect }) => {
  await withTablestore(async (bench) => {
    const events: string[] = [];
    const plans = aMemory(bench, (_level, event) => events.push(event));
    const columns = new Map(text === undefined ? [['other', 'x']] : [['summary', text]]);
    const key = [['digest', DIGEST]] as const;
    const condition = { row: 'ignore' } as const;
    await bench.client.writeRow(PLANS.name, {
      kind: 'put',
      key,
      columns: columns as Map<string, ColumnValue>,
      condition,
    });
    expect(await plans.recall(DIGEST)).toBeUndefined();
    expect(events).toEqual(['plan.unreadable']);
  });
});

test.for(['before', 'after'] as const)(
  'remembering is repeated when a connection breaks %s the effect',
  async (when, { expect }) => {
    await withTablestore(async (bench) => {
      const plans = aMemory(bench);
      bench.kernel.faults.replace([
        { service: 'tablestore', kind: 'reset', action: 'PutRow', when },
      ]);
      await plans.remember(DIGEST, SUMMARY);
      expect(await plans.recall(DIGEST)).toEqual(SUMMARY);
    });
  },
);
