import type { Screen } from '../io.ts';

/** Prints one document. What a terminal would obey is written as JSON escapes. */
export function printJson(screen: Screen, value: unknown): void {
  screen.write(`${safe(JSON.stringify(value, null, 2))}\n`);
}

/** Prints one document on one line. */
export function printJsonLine(screen: Screen, value: unknown): void {
  screen.write(`${safe(JSON.stringify(value))}\n`);
}

/** JSON.stringify escapes only the characters below U+0020. */
function safe(json: string): string {
  return json.replaceAll(
    /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
