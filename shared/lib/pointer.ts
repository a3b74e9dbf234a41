/** A place in a JSON document, as a JSON pointer: https://www.rfc-editor.org/rfc/rfc6901 */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
