import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'vitest';
import { build } from '../../tools/build.ts';

/** A project with one function, which bundles its policy. */
function aProject({ onTestFinished }: Pick<TestContext, 'onTestFinished'>, policy: string) {
  const root = mkdtempSync(join(tmpdir(), 'build-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'functions', 'one'), { recursive: true });
  writeFileSync(
    join(root, 'functions', 'one', 'index.ts'),
    `import policy from '../../policy.json' with { type: 'json' };
     export const handler = async () => policy;`,
  );
  writeFileSync(join(root, 'policy.json'), policy);
  return root;
}

test('a policy that is taken is built in', async ({ expect, onTestFinished }) => {
  const root = aProject({ onTestFinished }, '{"launch": []}');
  expect(await build(root)).toMatchObject([{ name: 'one' }]);
});

test.for([
  ['a fault', '{"lunch": []}', 'Cannot accept the policy: "/lunch": Cannot take a list of 0: is'],
  ['a key that stands twice', '{"launch": [], "launch": []}', 'policy.json": "launch"'],
  ['no JSON', '{launch: []}', 'policy.json": not JSON'],
] as const)(
  'one with %s is not, and nothing is',
  async ([, policy, why], { expect, onTestFinished }) => {
    const root = aProject({ onTestFinished }, policy);
    await expect(build(root)).rejects.toThrow(why);
    expect(existsSync(join(root, 'dist'))).toBe(false);
  },
);

test('all faults are named, one on each line', async ({ expect, onTestFinished }) => {
  const rule = { name: 'web', match: { namePrefix: 'w' }, keyPairName: 'ops', restart: true };
  const root = aProject({ onTestFinished }, JSON.stringify({ launch: [rule, rule] }));
  await expect(build(root)).rejects.toThrow(
    /^Cannot accept the policy: "\/launch\/1\/name": .*\nCannot accept the policy: "\/launch\/1\/match": Cannot be reached.*$/,
  );
});
