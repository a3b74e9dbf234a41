/** What the grammar reads without quotes wherever a word can be. */
const PLAIN = /^[A-Za-z0-9_.:/@+%][A-Za-z0-9_.:/@+%-]*$/;

/** One word of a line, in quotes where it needs them. */
export function word(text: string): string {
  return PLAIN.test(text) ? text : quoted(text);
}

export function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
