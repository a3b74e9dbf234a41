import { basename } from 'node:path';
import { test } from 'vitest';
import budgets from '../../bench/budgets.json' with { type: 'json' };
import { build } from '../../tools/build.ts';

type Budget = {
  readonly bytes: number;
  readonly codeBytes: number;
  /** Modules that are not ours: a change of ours must not pull more of a package in unnoticed. */
  readonly packageModules: number;
};
type Budgets = Readonly<Record<string, Readonly<Record<string, Budget>>>>;

const built = await build();

test('every file of every function has a budget, and no other has', ({ expect }) => {
  const named = Object.entries(budgets).map(([name, of]) => [name, Object.keys(of)]);
  const made = built.map(({ name, files: all }) => [name, all.map(({ path }) => basename(path))]);
  expect(Object.fromEntries(named)).toEqual(Object.fromEntries(made));
});

const files = built.flatMap(({ name, files: all }) =>
  all.map((file) => [`${name}/${basename(file.path)}`, name, file] as const),
);

const isOurs = (path: string) => /^(?:shared|functions)\/|^policy\.json$/.test(path);

test.for(files)('%s stays within its budget', ([, name, file], { expect }) => {
  const budget = (budgets as unknown as Budgets)[name]![basename(file.path)]!;
  expect(file.bytes).toBeLessThanOrEqual(budget.bytes);
  expect(file.codeBytes).toBeLessThanOrEqual(budget.codeBytes);
  const ofPackages = Object.keys(file.inputs).filter((path) => !isOurs(path));
  expect(ofPackages.length).toBeLessThanOrEqual(budget.packageModules);
  // A budget with much room to spare notices nothing.
  expect(file.bytes).toBeGreaterThan(budget.bytes * 0.85);
  expect(file.codeBytes).toBeGreaterThan(budget.codeBytes * 0.8);
});

/** What only some functions need, by a part of its path. */
const ONLY = [
  ['node_modules/hono/', []],
  ['shared/contract/requests/rollout-request', ['attach', 'chat']],
  ['shared/contract/webhook-signature', ['attach', 'restart']],
  ['@alicloud/openapi-core', ['attach', 'restart']],
  ['shared/outbound/tablestore', ['attach', 'restart', 'chat', 'messenger']],
  ['shared/messengers/grammar/grammar', ['chat']],
  ['shared/messengers/slack/slack-out', ['messenger']],
  ['node_modules/ws/', []],
  ['node_modules/moment', []],
  ['node_modules/lodash', []],
  ['node_modules/xml2js', []],
  ['proxy-agent', []],
  ['openapi.json', []],
  ['node_modules/jose', []],
  ['shared/inbound/console/jwt', []],
  ['functions/attach/console', []],
] as const;

test.for(ONLY)('%s is loaded by no function that does not need it', ([part, names], { expect }) => {
  const loading = built.filter(({ files: all }) =>
    all
      .flatMap(({ inputs }) => Object.keys(inputs))
      .some((path) => path.includes(part) && !/^(absent|later|sdk)/.test(path)),
  );
  expect(loading.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
});
