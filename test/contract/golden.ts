import { readFileSync, writeFileSync } from 'node:fs';
import type { ExpectStatic } from 'vitest';

/**
 * Compares what a test produced with the file in `golden/`, to the byte. A missing file is a failure too.
 *
 * After an intended change of the wire, `GOLDEN=write npx vitest run test/contract` writes the files
 * anew: read the diff before you commit it.
 */
export function expectGolden(
  expect: ExpectStatic,
  name: string,
  sections: readonly Section[],
): void {
  const path = new URL(`golden/${name}`, import.meta.url);
  const text = sections
    .map(([title, lines]) => [`### ${title}`, ...lines, ''].join('\n'))
    .join('\n');
  if (process.env['GOLDEN'] === 'write') writeFileSync(path, text);
  const how = `golden/${name} differs: if that is intended, write it anew with GOLDEN=write`;
  expect(text, how).toBe(readFileSync(path, 'utf8'));
}

export type Section = readonly [title: string, lines: readonly string[]];

/**
 * A value in a form that no other value has. A text that is an object in compact JSON is indented, so that
 * a diff shows which field changed; any other text stands as it is.
 */
export function exact(value: string | number): string {
  if (typeof value === 'number') return `number ${value}`;
  if (!value.startsWith('{')) return `text ${oneLine(value)}`;
  const read: unknown = JSON.parse(value);
  // Only then does the indented form stand for these bytes and no others.
  if (JSON.stringify(read) !== value) throw new Error(`Cannot indent ${value}: not compact JSON`);
  return `json ${JSON.stringify(read, null, 2)}`;
}

function oneLine(text: string): string {
  if (text.includes('\n')) throw new Error(`Cannot show ${JSON.stringify(text)}: several lines`);
  return text;
}
