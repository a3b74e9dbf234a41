import fc from 'fast-check';
import { test } from 'vitest';
import { bar } from '../../cli/show/bar.ts';
import { duration } from '../../cli/show/duration.ts';
import { INSTANCE_STATES } from '../../shared/domain/workflow/instance-state.ts';
import { printJson } from '../../cli/show/json.ts';
import { noPaint, paintFor } from '../../cli/show/paint.ts';
import { clip, pad, plain, widthOf } from '../../cli/show/text.ts';
import { table } from '../../cli/show/table.ts';
import { csvOf } from '../../cli/who/show-who.ts';
import { aScreen } from './cli-world.ts';

const ANY = fc.string({ unit: 'grapheme', maxLength: 40 });
const colours = paintFor(aScreen({ isTerminal: true }), { env: {} });

test('foreign text cannot control the terminal', ({ expect }) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(plain(text)).not.toMatch(/[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(plain('a\u001b[31mb\nc\u009bd')).toBe('a\ufffd[31mb\ufffdc\ufffdd');
});

test('a clipped text, coloured or not, is never wider than asked', ({ expect }) => {
  fc.assert(
    fc.property(ANY, fc.nat(30), (raw, columns) => {
      const text = plain(raw);
      expect(widthOf(clip(text, columns))).toBeLessThanOrEqual(columns);
      expect(widthOf(clip(colours('red', text), columns))).toBeLessThanOrEqual(columns);
      if (widthOf(text) <= columns) expect(clip(text, columns)).toBe(text);
    }),
  );
  expect(clip('数据库', 5)).toBe('数据…');
  expect(clip(colours('red', 'abcdef'), 3)).toBe('\u001b[31mab…\u001b[39m');
});

test.for([
  ['web-1', 5],
  ['数据库', 6],
  ['ﾊﾝｶｸ', 4],
  ['ＡＢ', 4],
  ['e\u0301', 1],
  ['🚀', 2],
  ['👩‍👩‍👧', 2],
  ['', 0],
] as const)('"%s" takes %i columns', ([text, columns], { expect }) => {
  expect(widthOf(text)).toBe(columns);
  expect(widthOf(pad(text, 10))).toBe(10);
});

test('a bar has the given length, and shows every state', ({ expect }) => {
  const counts = fc.uniqueArray(
    fc.tuple(fc.constantFrom(...INSTANCE_STATES), fc.integer({ min: 1, max: 1_000 })),
    {
      selector: ([state]) => state,
      minLength: 1,
    },
  );
  fc.assert(
    fc.property(counts, fc.integer({ min: 9, max: 80 }), (of, columns) => {
      expect(widthOf(bar(of, columns, noPaint))).toBe(columns);
      for (const single of of)
        expect(bar(of, columns, noPaint)).toContain(bar([single], 1, noPaint));
    }),
  );
  expect(
    bar(
      [
        ['ready', 999],
        ['failed', 1],
      ],
      10,
      noPaint,
    ),
  ).toBe('█████████✗');
});

test('a table leaves out empty columns and trailing blanks', ({ expect }) => {
  expect(
    table(
      ['A', 'B', 'C'],
      [
        ['x', '', '1'],
        ['long', '', ''],
      ],
    ),
  ).toEqual(['A     C', 'x     1', 'long']);
});

test('printed JSON is the same document, and cannot control the terminal', ({ expect }) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const screen = aScreen();
      printJson(screen, { text });
      expect(JSON.parse(screen.text())).toEqual({ text });
      expect(screen.text().replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u,
      );
    }),
  );
});

test.for([
  [-5_000, '0 s'],
  [1_400, '1 s'],
  [89_000, '89 s'],
  [90_000, '2 min'],
  [5_340_000, '89 min'],
  [5_400_000, '1 h 30 min'],
  [7_200_000, '2 h'],
  [172_800_000, '2 d'],
  [180_000_000, '2 d 2 h'],
] as const)('%i ms are %s', ([ms, text], { expect }) => {
  expect(duration(ms)).toBe(text);
});

test('colours appear only in terminals, and NO_COLOR and TERM=dumb turn them off', ({ expect }) => {
  const terminal = aScreen({ isTerminal: true });
  const isPainted = (screen: typeof terminal, env: Record<string, string>) =>
    paintFor(screen, { env })('red', 'x') !== 'x';
  expect(isPainted(terminal, {})).toBe(true);
  expect(isPainted(terminal, { NO_COLOR: '' })).toBe(true);
  expect(isPainted(terminal, { NO_COLOR: '1' })).toBe(false);
  expect(isPainted(terminal, { TERM: 'dumb' })).toBe(false);
  expect(isPainted(aScreen(), {})).toBe(false);
  expect(isPainted(aScreen(), { FORCE_COLOR: '1' })).toBe(false);
});

test('every CSV can be read back, and no cell is a formula', ({ expect }) => {
  fc.assert(
    fc.property(fc.array(ANY), (names) => {
      const holders = names.map((name) => ({
        instanceId: 'i-a',
        name,
        zoneId: 'z',
        status: 'Running',
        boundTo: null,
        effective: 'yes' as const,
        why: 'a, "b"',
      }));
      const who = { keyPairName: 'k', fingerprint: null, holders, more: false, underWay: 0 };
      const [, ...rows] = readCsv(csvOf(who));
      expect(rows.map(([, name]) => name!.replace(/^'(?=[=+\-@])/, ''))).toEqual(names.map(plain));
      for (const row of rows) {
        expect(row).toHaveLength(7);
        for (const cell of row) expect(cell).not.toMatch(/^[=+\-@]/);
      }
    }),
  );
});

/** A minimal reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? bare!);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
