import { percentEncode } from '../../kernel/percent-encode.ts';

/**
 * The name and value pairs of a query or of a form body, in the order sent. A plus is a space, as form
 * encoding has it; the official SDKs never send a bare plus.
 *
 * @returns undefined when a percent sign is not followed by what it promises
 */
export function decodePairs(encoded: string): [name: string, value: string][] | undefined {
  const pairs: [string, string][] = [];
  try {
    for (const part of encoded.split('&')) {
      if (part === '') continue;
      const mark = part.indexOf('=');
      const name = mark < 0 ? part : part.slice(0, mark);
      const value = mark < 0 ? '' : part.slice(mark + 1);
      pairs.push([decode(name), decode(value)]);
    }
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
  return pairs;
}

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/**
 * Sorted by name (`Tag` before `Tag.1`) and encoded anew: the form that is signed, whatever the wire
 * left unencoded.
 */
export function canonicalPairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs
    .toSorted(([a, x], [b, y]) => order(a, b) || order(x, y))
    .map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`)
    .join('&');
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
