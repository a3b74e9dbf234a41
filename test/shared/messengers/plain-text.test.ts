import fc from 'fast-check';
import { test } from 'vitest';
import { inPieces, plainLine, plainText } from '../../../shared/messengers/plain-text.ts';

const anyText = fc.string({ unit: 'binary' });

test('what is invisible or turns text around is taken out, and lines are kept', ({ expect }) => {
  expect(plainText('safe\u202Egnp.exe\u0000\u200B\uFEFF\r\nnext\u2028last\tx')).toBe(
    'safegnp.exe\nnext\nlast x',
  );
});

test('a line is one line', ({ expect }) => {
  expect(plainLine('  a\n\n b\u2029c  ')).toBe('a b c');
});

test('a text that is cut says so, and ends with no half of a character', ({ expect }) => {
  expect(plainText('abcdef', 4)).toBe('abc…');
  expect(plainText('ab😀def', 4)).toBe('ab…');
});

test('nothing but lines and what can be seen is left of any text', ({ expect }) => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 40 }), (text, max) => {
      const plain = plainText(text, max);
      expect(plain).not.toMatch(/[^\P{C}\n]/u);
      expect(plain.length).toBeLessThanOrEqual(max);
      expect(plain).not.toMatch(/\p{Cs}/u);
      expect(plainText(plain, max)).toBe(plain);
    }),
  );
});

test('pieces are the whole text, each short enough, cut at ends of lines', ({ expect }) => {
  expect(inPieces('one\ntwo\nthree', 8)).toEqual(['one\ntwo', 'three']);
  expect(inPieces('12345678\nx', 8)).toEqual(['12345678', 'x']);
  expect(inPieces('  \n', 8)).toEqual([]);
  fc.assert(
    fc.property(
      anyText.map((text) => plainText(text)),
      (text) => {
        const pieces = inPieces(text, 5);
        expect(pieces.every((piece) => piece.length <= 5 && !/\p{Cs}/u.test(piece))).toBe(true);
        const bare = (some: string) => some.replaceAll(/\s/g, '');
        expect(bare(pieces.join(''))).toBe(bare(text));
      },
    ),
  );
});
