import fc from 'fast-check';
import { test } from 'vitest';
import { digestOf } from '../../../../shared/domain/plan/plan.ts';
import type { PlanSummary } from '../../../../shared/domain/model/plan.ts';
import {
  type PlanDifference,
  planDifference,
} from '../../../../shared/domain/plan/plan-difference.ts';
import { aSummary, sha256 } from '../../../models/builders.ts';

const NOTHING: PlanDifference = { added: [], removed: [], changed: [] };

/** What a caller can do with the expected plan and the difference. */
function applied(expected: PlanSummary, difference: PlanDifference): PlanSummary {
  const removed = new Set(difference.removed.map(({ instanceId }) => instanceId));
  const changed = new Map(difference.changed.map((one) => [one.instanceId, one.now]));
  const kept = expected.instances
    .filter(([id]) => !removed.has(id!))
    .map(([id, ...actions]) => [id!, ...(changed.get(id!) ?? actions)]);
  for (const { instanceId, index, now } of difference.added) {
    kept.splice(index, 0, [instanceId, ...now]);
  }
  const byId = new Map(kept.map((one) => [one[0]!, one]));
  const options = new Map(Object.entries(expected.options));
  for (const { name, now } of difference.options ?? []) {
    if (now === undefined) options.delete(name);
    else options.set(name, now);
  }
  return {
    regionId: difference.regionId?.now ?? expected.regionId,
    keyPair: difference.keyPair?.now ?? expected.keyPair,
    options: Object.fromEntries(options),
    instances: difference.order?.map((id) => byId.get(id)!) ?? kept,
  };
}

test('a plan does not differ from itself', ({ expect }) => {
  expect(planDifference(aSummary(), aSummary())).toEqual(NOTHING);
});

test('instances that came, went, or are treated otherwise are named with both sides', ({
  expect,
}) => {
  const expected = aSummary({
    instances: [
      ['i-a', 'attach', 'reboot'],
      ['i-b', 'attach', 'reboot'],
      ['i-d', 'windows', 'none'],
    ],
  });
  const now = aSummary({
    instances: [
      ['i-a', 'attach', 'none'],
      ['i-c', 'attach', 'start'],
      ['i-d', 'windows', 'none'],
    ],
  });
  expect(planDifference(expected, now)).toEqual({
    added: [{ instanceId: 'i-c', index: 1, now: ['attach', 'start'] }],
    removed: [{ instanceId: 'i-b', expected: ['attach', 'reboot'] }],
    changed: [{ instanceId: 'i-a', expected: ['attach', 'reboot'], now: ['attach', 'none'] }],
  });
});

test('a key pair that was made anew under its name is another', ({ expect }) => {
  const keyPair = { name: 'ops', fingerprint: 'fp-other' };
  expect(planDifference(aSummary(), aSummary({ keyPair }))).toEqual({
    ...NOTHING,
    keyPair: { expected: { name: 'ops', fingerprint: 'fp-ops' }, now: keyPair },
  });
});

test('options are compared by name, those of another version as well', ({ expect }) => {
  const expected = aSummary({ options: { restart: 'auto', groupBy: null, older: 1 } });
  const now = aSummary({ options: { restart: 'never', groupBy: null, newer: null } });
  expect(planDifference(expected, now)).toEqual({
    ...NOTHING,
    options: [
      { name: 'newer', now: null },
      { name: 'older', expected: 1 },
      { name: 'restart', expected: 'auto', now: 'never' },
    ],
  });
});

test('the same instances in another order are another plan: others come first', ({ expect }) => {
  const [a, b] = [
    ['i-a', 'attach', 'reboot'],
    ['i-b', 'attach', 'reboot'],
  ] as const;
  const difference = planDifference(
    aSummary({ instances: [a, b] }),
    aSummary({ instances: [b, a] }),
  );
  expect(difference).toEqual({ ...NOTHING, order: ['i-b', 'i-a'] });
});

const word = fc.constantFrom('a', 'b', 'c', '');
const option = fc.oneof(word, fc.integer({ min: 0, max: 2 }), fc.boolean(), fc.constant(null));
/** From so few words that two of them are often alike in parts. */
const summary: fc.Arbitrary<PlanSummary> = fc.record({
  regionId: fc.constantFrom('cn-hangzhou', 'cn-hangzhou', 'cn-beijing'),
  keyPair: fc.record({ name: fc.constantFrom('ops', 'ops', 'new'), fingerprint: word }),
  options: fc.dictionary(word, option, { maxKeys: 3 }),
  instances: fc.uniqueArray(
    fc
      .tuple(
        fc.constantFrom('i-1', 'i-2', 'i-3', 'i-4', 'i-5'),
        fc.array(word, { minLength: 2, maxLength: 4 }),
      )
      .map(([id, actions]) => [id, ...actions]),
    { selector: ([id]) => id, maxLength: 5 },
  ),
});

test('there is no difference if and only if the digests are equal', ({ expect }) => {
  const isNothing = (difference: PlanDifference) =>
    Object.values(difference).every((list: readonly unknown[] | object) =>
      Array.isArray(list) ? list.length === 0 : false,
    );
  fc.assert(
    fc.property(summary, summary, fc.boolean(), (one, another, same) => {
      const other = same ? structuredClone(one) : another;
      const equal = digestOf(one, sha256) === digestOf(other, sha256);
      expect(isNothing(planDifference(one, other))).toBe(equal);
    }),
    { numRuns: 1_000 },
  );
});

test('the expected plan and the difference are the plan now', ({ expect }) => {
  fc.assert(
    fc.property(summary, summary, (expected, now) => {
      expect(applied(expected, planDifference(expected, now))).toEqual(now);
    }),
    { numRuns: 1_000 },
  );
});
