import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'vitest';
import { programOf } from '../../cli/latchkey.ts';
import { realIo } from '../../cli/real-io.ts';
import type { RolloutStatus } from '../../shared/domain/model/outcome.ts';
import type { WaitingFor } from '../../shared/domain/model/rollout.ts';
import { alarmsFor } from '../../tools/template/alarms.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const COMMANDS = programOf({ io: realIo(ROOT), exitStatus: 0, ids: [] }).commands;
const PAGES = ['docs/runbook.md', 'docs/deploy.md'] as const;

/** The headings of a part of the runbook. */
function sectionsOf(part: string): string[] {
  const text = read('docs/runbook.md')
    .split(/^# /m)
    .find((one) => one.startsWith(`${part}\n`));
  return [...(text ?? '').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!);
}

// Whoever adds one has to say here, and so in the runbook, what is to be done.
const WAITING: Record<Exclude<WaitingFor, ''>, true> = {
  approval: true,
  paused: true,
  halted: true,
  stopped: true,
  window: true,
  freeze: true,
  bake: true,
  gate: true,
  budget: true,
  group: true,
  unavailable: true,
};
const STATUS: Record<Exclude<RolloutStatus, 'paused' | 'halted' | 'stopped'>, true> = {
  waiting: true,
  attaching: true,
  restarting: true,
  aborting: true,
  finishing: true,
  done: true,
};

test('every alarm has a section, and no other has', ({ expect }) => {
  const names = alarmsFor(new Map()).map(({ name }) => name);
  expect(sectionsOf('Alarms').toSorted()).toEqual(names.toSorted());
});

test('everything that a rollout can wait for has a section', ({ expect }) => {
  expect(sectionsOf('Waiting')).toEqual(Object.keys(WAITING));
});

test('every status that is not something waited for has a section', ({ expect }) => {
  expect(sectionsOf('States')).toEqual(Object.keys(STATUS));
});

test.for(PAGES)('%s names only commands and scripts that there are', (page, { expect }) => {
  const text = read(page);
  const commands = new Set(COMMANDS.map((command) => command.name()));
  const named = [...text.matchAll(/npx latchkey ([a-z]+)/g)].map(([, name]) => name!);
  expect(named.filter((name) => !commands.has(name))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const ran = [...text.matchAll(/npm run ([a-z-]+)/g)].map(([, name]) => name!);
  expect(ran.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const options = [...text.matchAll(/npx latchkey ([a-z]+)[^`\n]* (--[a-z-]+)/g)];
  for (const [, name, option] of options) {
    const known = COMMANDS.find((command) => command.name() === name);
    expect(
      known?.options.map(({ long }) => long),
      name,
    ).toContain(option);
  }
});

test.for(PAGES)('%s links only to pages and headings that there are', (page, { expect }) => {
  for (const [, file, anchor] of read(page).matchAll(/\]\(([a-z./-]*)(?:#([a-z-]+))?\)/g)) {
    const target = file === '' ? page : join('docs', file!);
    const headings = [...read(target).matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    if (anchor !== undefined) expect(headings, `${target}#${anchor}`).toContain(anchor);
  }
});
