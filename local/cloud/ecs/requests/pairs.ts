import { percentEncode } from '../../kernel/percent-encode.ts';

/**
 * The name and value pairs of a query or of a form body, in the order sent. A plus is read as a space
 * (form encoding). The official SDKs never send a bare plus.
 *
 * @returns undefined for an invalid percent-encoding
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
 * The form that is signed: sorted by name (`Tag` before `Tag.1`) and fully percent-encoded, even where the
 * request was not.
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
