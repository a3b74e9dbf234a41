/** Deepest nesting of lists and objects: our own choice, no request of ours needs more than 4. */
const MAX_DEPTH = 32;

/** Most characters of a name in a message: our own choice. */
const MAX_SHOWN = 60;

/** Names that reach an object's prototype in careless code. Schemas ignore such fields silently. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
]);

/** Why a text is not taken as JSON. */
export class NotStrictJson extends Error {
  override readonly name = 'NotStrictJson';
  /** The name that is at fault; null when the fault is not in a name. */
  readonly fault: NameFault | null;

  constructor(why: string, fault: NameFault | null = null, cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause });
    this.fault = fault;
  }
}

/**
 * Reads JSON that every reader understands in the same way: UTF-8 without a byte order mark, no duplicate name
 * in an object (readers differ in which one counts), no name that reaches a prototype, and no deep nesting.
 * Takes linear time.
 *
 * @param text bytes are read as UTF-8
 * @throws {NotStrictJson}
 */
export function strictJson(text: string | Uint8Array): unknown {
  const decoded = typeof text === 'string' ? text : decode(text);
  if (isDeeper(decoded)) throw new NotStrictJson(`nested more than ${MAX_DEPTH} deep`);
  let value: unknown;
  try {
    value = JSON.parse(decoded);
  } catch (cause) {
    throw new NotStrictJson('not JSON', null, cause);
  }
  const fault = nameFaultOf(decoded);
  if (fault === undefined) return value;
  throw new NotStrictJson(`"${fault.name.slice(0, MAX_SHOWN)}" ${fault.why}`, fault);
}

function decode(bytes: Uint8Array): string {
  try {
    // A byte order mark is kept, so that JSON.parse refuses it. RFC 8259 §8.1 forbids to send one.
    return new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new NotStrictJson('not UTF-8', null, cause);
  }
}

/**
 * Strings, and the marks of structure between them. An unterminated string matches as well, so that matching
 * takes linear time.
 */
const TEXT_OR_MARK = /"(?:[^"\\]|\\.?)*"?|[[\]{},:]/gs;

/** Whether lists and objects are nested too deep. The result means nothing for a text that is not JSON. */
function isDeeper(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(TEXT_OR_MARK)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}

/** A name that is not allowed where it is. */
interface NameFault {
  readonly name: string;
  readonly path: readonly (string | number)[];
  readonly why: string;
}

/** The position in one list or object. */
type Level =
  | { readonly kind: 'object'; readonly names: Set<string>; name: string; isAtName: boolean }
  | { readonly kind: 'list'; index: number };

/** The first name that is not allowed. @param text must be JSON */
function nameFaultOf(text: string): NameFault | undefined {
  const levels: Level[] = [];
  for (const [token] of text.matchAll(TEXT_OR_MARK)) {
    const level = levels.at(-1);
    switch (token) {
      case '{':
        levels.push({ kind: 'object', names: new Set(), name: '', isAtName: true });
        break;
      case '[':
        levels.push({ kind: 'list', index: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level?.kind === 'object') level.isAtName = true;
        else if (level?.kind === 'list') level.index += 1;
        break;
      case ':':
        if (level?.kind === 'object') level.isAtName = false;
        break;
      default: {
        if (level?.kind !== 'object' || !level.isAtName) break;
        // Escapes are decoded: two spellings of a name are the same name.
        level.name = JSON.parse(token) as string;
        const why = whyNot(level.name, level.names);
        if (why !== undefined) return { name: level.name, path: levels.map(placeIn), why };
        level.names.add(level.name);
      }
    }
  }
  return undefined;
}

function whyNot(name: string, names: ReadonlySet<string>): string | undefined {
  if (RESERVED_NAMES.has(name)) return 'cannot be the name of a field';
  return names.has(name) ? 'comes twice' : undefined;
}

function placeIn(level: Level): string | number {
  return level.kind === 'object' ? level.name : level.index;
}
