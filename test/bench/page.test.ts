import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { fill } from '../../bench/page/fill.ts';
import { table } from '../../bench/page/table.ts';
import { pageAndPlots } from '../../bench/plot.ts';
import { spreadOf } from '../../bench/spread.ts';

test('docs/performance.md and its plots show what bench/results.json has', async ({ expect }) => {
  for (const [path, text] of await pageAndPlots()) {
    const advice = `${path} is old: npm run plots`;
    expect(readFileSync(path, 'utf8') === text, advice).toBe(true);
  }
});

test('a section is put between its marks, in the place of what was there', ({ expect }) => {
  const page = 'a\n<!-- x -->\nold\n<!-- /x -->\nb\n';
  const once = fill(page, new Map([['x', 'new']]));
  expect(once).toBe('a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb\n');
  expect(fill(once, new Map([['x', 'new']]))).toBe(once);
});

test('a section without a place is refused', ({ expect }) => {
  expect(() => fill('a', new Map([['x', 'new']]))).toThrow('Cannot show "x"');
});

test('a table has its numbers to the right', ({ expect }) => {
  const rows = [
    ['first', '1'],
    ['b', '1,000'],
  ];
  expect(table(['', 'ms'], rows).split('\n')).toEqual([
    '|       |    ms |',
    '| ----- | ----: |',
    '| first |     1 |',
    '| b     | 1,000 |',
  ]);
});

test('a median is the middle one, or between the two in the middle', ({ expect }) => {
  expect(spreadOf([3, 10, 2])).toEqual({ median: 3, min: 2, max: 10 });
  expect(spreadOf([4, 1, 3, 10])).toEqual({ median: 3.5, min: 1, max: 10 });
});
