/** Marks the end of a clipped text. */
const MARK = '…';

/**
 * Clips a text so that its JSON form, without the quotes, has at most `bytes` bytes in UTF-8. A clipped text
 * ends with `…`. Characters stay whole. The result is '' where not even the `…` fits.
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
