import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'vitest';
import { anchorsOf, outlineOf } from './support/markdown.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const english = outlineOf(read('README.md'));
const chinese = outlineOf(read('README.zh-CN.md'));

test('README.zh-CN.md has the headings, tables and lists of README.md', ({ expect }) => {
  expect(chinese.headings).toEqual(english.headings);
  expect(chinese.tableRows).toBe(english.tableRows);
  expect(chinese.listItems).toBe(english.listItems);
});

test('README.zh-CN.md has its commands', ({ expect }) => {
  expect(chinese.blocks).toEqual(english.blocks);
  expect(chinese.codes).toEqual(english.codes);
  expect(english.blocks.length).toBeGreaterThan(2);
});

test('README.zh-CN.md has its pictures and links, but for the one to the other', ({ expect }) => {
  expect(chinese.images).toEqual(english.images);
  expect(english.links[0]).toBe('README.zh-CN.md');
  expect(chinese.links).toEqual(['README.md', ...english.links.slice(1)]);
});

const PAGES = [
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test.for(PAGES)('each link and picture of %s leads somewhere', (page, { expect }) => {
  const { links, images } = outlineOf(read(page));
  for (const target of [...links, ...images]) {
    if (/^(?:https?|mailto):/.test(target)) continue;
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(ROOT, file)), `${page}: ${target}`).toBe(true);
    if (anchor !== undefined && file.endsWith('.md'))
      expect(anchorsOf(read(file)), `${page}: ${target}`).toContain(anchor);
  }
});

test('each reference of a page is defined in it, and each definition used', ({ expect }) => {
  for (const page of PAGES) {
    const text = read(page).replace(/```[\s\S]*?```|`[^`]*`/g, '');
    const used = [...text.matchAll(/\]\[([^\]]+)\]/g)].map(([, name]) =>
      name!.replace(/\s+/g, ' '),
    );
    const defined = [...text.matchAll(/^\[([^\]]+)\]: /gm)].map(([, name]) => name);
    expect(new Set(defined), page).toEqual(new Set(used));
  }
});
