/** What stands where text was taken away. */
const MARK = '…';

/**
 * The longest beginning of `text` whose JSON form, without the quotes, has at most `bytes` bytes in
 * UTF-8, with a mark at its end when it is not the whole. Characters stay whole. Less room than the
 * mark takes leaves nothing.
 */
export function clipJson(text: string, bytes: number): string {
  if (jsonBytes(text) <= bytes) return text;
  let kept = '';
  let used = Buffer.byteLength(MARK);
  if (used > bytes) return '';
  for (const character of text) {
    used += jsonBytes(character);
    if (used > bytes) break;
    kept += character;
  }
  return kept + MARK;
}

/** Bytes in UTF-8 of the JSON form, without the quotes. */
export function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
