import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { parse } from 'yaml';
import { readServerlessYaml } from '../../local/cloud/fc/configuration/read-s-yaml.ts';
import { fc3Validator, type Trigger } from './fc3-schema.ts';

/** docs/security.md and docs/console.md are tried, not only read. */
const ROOT = resolve(import.meta.dirname, '../..');
const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const page = ['docs/security.md', 'docs/console.md'].map(read).join('\n');

/** The project's own `s.yaml` with each lock that the pages show, in the place of the one there. */
function locked(): string[] {
  const sYaml = read('s.yaml');
  return [...page.matchAll(/```yaml\n# s.yaml.*\n([^`]*)```/g)].map(([, block]) => {
    const lines = block!.trimEnd().split('\n');
    const indented = lines.map((line) => `          ${line}`).join('\n');
    const changed = sYaml.replace(
      /^ {10}triggerConfig:\n {12}authType: anonymous\n(?: {12}.*\n)*/m,
      `${indented}\n`,
    );
    if (changed === sYaml) throw new Error('s.yaml has no trigger that is anonymous');
    return changed;
  });
}

test('the local cloud takes each lock that the pages show', ({ expect, onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), 'security-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kinds = locked().map((text, index) => {
    const sYamlPath = join(folder, `${index}.yaml`);
    writeFileSync(sYamlPath, text);
    const env = { WEBHOOK_SECRETS: 'whsec_' };
    const config = { AccountID: '1000000000000000' };
    const functions = readServerlessYaml({ sYamlPath, env, config });
    const triggers = functions.flatMap((each) => each.triggers);
    return triggers.flatMap((trigger) => (trigger.kind === 'http' ? [trigger.auth.kind] : []));
  });

  // The chat door's stays as it is: no platform could pass another.
  expect(kinds).toEqual([
    ['function', 'anonymous'],
    ['jwt', 'anonymous'],
    ['jwt', 'anonymous'],
  ]);
});

test("fc3's schema takes each lock that the pages show", ({ expect, skip }) => {
  const faults = fc3Validator();
  if (faults === undefined) return skip();
  for (const text of locked()) {
    const { resources } = parse(text) as {
      resources: { attach: { props: { triggers: readonly Trigger[] } } };
    };
    // The variables are not resolved here.
    const props = { ...resources.attach.props, region: 'cn-hangzhou' };
    expect(faults(props)).toEqual([]);
  }
});

test('the pages name only files and pages that there are', ({ expect }) => {
  const links = [...page.matchAll(/\]\(([a-z-]+\.md)(?:#([a-z-]+))?\)/g)];
  expect(links.length).toBeGreaterThan(5);
  for (const [, file, anchor] of links) {
    const headings = [...read(`docs/${file}`).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    if (anchor !== undefined) expect(headings, `${file}#${anchor}`).toContain(anchor);
  }
  for (const [path] of page.matchAll(/test\/[a-z/-]+\.test\.ts/g)) {
    expect(read(path)).not.toBe('');
  }
});
