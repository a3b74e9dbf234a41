import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { build } from '../../tools/build.ts';
import { POLICY } from '../../tools/demo/launches/groups.ts';
import { temporaryProject } from '../../tools/demo/temporary-project.ts';

test('a temporary project is built with its own policy, and leaves nothing', async ({ expect }) => {
  const project = temporaryProject({ policy: POLICY });
  try {
    const built = await build(project.folder);
    const restart = built.find(({ name }) => name === 'restart')!;
    expect(restart.path).toBe(join(project.folder, 'dist/restart/index.js'));
    const bundle = readFileSync(restart.files[0]!.path, 'utf8');
    for (const { name, keyPairName } of POLICY.launch) {
      expect(bundle).toContain(`name:"${name}",`);
      expect(bundle).toContain(`keyPairName:"${keyPairName}"`);
    }
    expect(bundle).not.toContain('"web-fleet"');
  } finally {
    project.remove();
  }
  expect(existsSync(project.folder)).toBe(false);
}, 60_000);
