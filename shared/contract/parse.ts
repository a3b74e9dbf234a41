import * as v from 'valibot';
import { type FieldFault, LatchkeyError } from '../domain/model/errors.ts';
import { pointerOf } from '../lib/pointer.ts';
import { readStrictJson } from './read-strict-json.ts';

/** Most faults that one answer names: our own choice. */
const MAX_FAULTS = 100;
/** Most characters of a value that a fault repeats: our own choice. */
const MAX_SHOWN = 60;

/**
 * Reads JSON as what `schema` describes. No request enters by another door.
 *
 * @param text bytes are read as UTF-8
 * @param subject what is read, for messages: `the request`
 * @throws {LatchkeyError} `bad-request` as `readStrictJson`, `not-valid` with every fault otherwise.
 * Faults repeat the values that are wrong: not for texts that hold secrets
 */
export function parseJson<S extends v.GenericSchema>(
  schema: S,
  text: string | Uint8Array,
  subject = 'the request',
): v.InferOutput<S> {
  return parseValue(schema, readStrictJson(text, subject), subject);
}

/** As `parseJson`, of a value that was JSON once. */
export function parseValue<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  subject = 'the request',
): v.InferOutput<S> {
  const read = v.safeParse(schema, value);
  if (read.success) return read.output;
  throw notValid(subject, read.issues.map(faultOf));
}

/** For what the platform made. @throws {LatchkeyError} `bad-request` when it is not UTF-8 or not JSON */
export function jsonOf(text: string | Uint8Array, subject: string): unknown {
  const refuse = (why: string, cause: unknown) =>
    new LatchkeyError('bad-request', `Cannot read ${subject}: ${why}`, { cause });
  let decoded: string;
  try {
    decoded =
      typeof text === 'string' ? text : new TextDecoder('utf8', { fatal: true }).decode(text);
  } catch (cause) {
    throw refuse('not UTF-8', cause);
  }
  try {
    return JSON.parse(decoded);
  } catch (cause) {
    throw refuse('not JSON', cause);
  }
}

/** One `not-valid` error for all faults. */
export function notValid(subject: string, faults: readonly FieldFault[]): LatchkeyError {
  const [first, ...others] = faults;
  const where =
    first === undefined || first.path.length === 0 ? 'the whole' : `"${pointerOf(first.path)}"`;
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return new LatchkeyError(
    'not-valid',
    `Cannot accept ${subject}: ${where}: ${first?.detail}${more}`,
    { faults: faults.slice(0, MAX_FAULTS) },
  );
}

/** Refuses every field that `entries` does not name, each by its own fault. */
export function onlyThese<E extends v.ObjectEntries>(entries: E, of: string) {
  return v.objectWithRest(entries, v.never(`is not a field of ${of}`));
}

export function faultOf(issue: v.BaseIssue<unknown>): FieldFault {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  // The library's own messages repeat the value at any length.
  const isLibrarys = issue.message.startsWith('Invalid ');
  if (issue.input === undefined) {
    return { path, detail: `Cannot be left out: ${isLibrarys ? 'required' : issue.message}` };
  }
  const rule = isLibrarys
    ? `must be ${inWords(issue.expected ?? 'something else')}`
    : issue.message;
  return { path, detail: `Cannot take ${shown(issue.input)}: ${rule}` };
}

const IN_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  Object: 'an object',
  Array: 'a list',
};

/** `("auto" | "never")` as `"auto" or "never"`. */
function inWords(expected: string): string {
  return IN_WORDS[expected] ?? expected.replaceAll(/^\(|\)$/g, '').replaceAll(' | ', ' or ');
}

/** How credentials begin. Whoever puts one into a request by mistake must not find it in a log of answers. */
const CREDENTIAL = /whs(?:ec|k)_|-----BEGIN|\bLTAI|\bSTS\.|CAIS/;

/** Whether something in `text` looks like a secret of ours or of Alibaba Cloud's. */
export function holdsCredential(text: string): boolean {
  return CREDENTIAL.test(text);
}

/** A value as messages repeat it: quoted, cut short, and never a credential. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  if (holdsCredential(text)) return 'what looks like a credential';
  return text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…"`;
}
