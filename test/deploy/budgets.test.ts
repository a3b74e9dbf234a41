import { test } from 'vitest';
import budgets from '../../bench/budgets.json' with { type: 'json' };
import { build } from '../../tools/build.ts';

const built = await build();

test('every function has a budget, and no other has', ({ expect }) => {
  expect(Object.keys(budgets).toSorted()).toEqual(built.map(({ name }) => name).toSorted());
});

test.for(built.map((one) => [one.name, one] as const))(
  'what %s loads at a cold start stays within its budget',
  ([name, { bytes, inputs }], { expect }) => {
    const budget = budgets[name as keyof typeof budgets];
    expect(bytes).toBeLessThanOrEqual(budget.bytes);
    expect(Object.keys(inputs).length).toBeLessThanOrEqual(budget.modules);
    // A budget with much room to spare notices nothing.
    expect(bytes).toBeGreaterThan(budget.bytes * 0.85);
  },
);

/** What only some functions need, by a part of its path. */
const ONLY = [
  ['hono', ['attach']],
  ['shared/inbound/rollout-request', ['attach']],
  ['shared/inbound/webhook-signature', ['attach', 'restart']],
  ['@alicloud/openapi-core', ['attach', 'restart']],
  ['shared/outbound/tablestore', ['attach', 'restart']],
  ['node_modules/ws/', []],
  ['node_modules/moment', []],
  ['node_modules/lodash', []],
  ['node_modules/xml2js', []],
  ['proxy-agent', []],
  ['openapi.json', []],
] as const;

test.for(ONLY)('%s is loaded by no function that does not need it', ([part, names], { expect }) => {
  const loading = built.filter(({ inputs }) =>
    Object.keys(inputs).some((path) => path.includes(part) && !/^(absent|later)/.test(path)),
  );
  expect(loading.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});
