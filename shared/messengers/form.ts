import { LatchkeyError } from '../domain/model/errors.ts';

/** The most parameters: our own choice. Slack sends at most 20. */
const MAX_PARAMETERS = 64;

/**
 * Reads `application/x-www-form-urlencoded`. It refuses what another reader could read differently: invalid UTF-8, and
 * a name that comes twice.
 *
 * @throws {LatchkeyError} `bad-request`
 */
export function parseForm(body: Uint8Array): ReadonlyMap<string, string> {
  const text = textOf(body);
  const pairs = text === '' ? [] : text.split('&');
  if (pairs.length > MAX_PARAMETERS) throw refuse(`more than ${MAX_PARAMETERS} parameters`);
  const form = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    if (form.has(name)) throw refuse('a parameter comes twice');
    form.set(name, at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return form;
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch (cause) {
    throw refuse('not UTF-8', cause);
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (cause) {
    throw refuse('not percent-encoded UTF-8', cause);
  }
}

function refuse(why: string, cause?: unknown): LatchkeyError {
  const details = cause === undefined ? {} : { cause };
  return new LatchkeyError('bad-request', `Cannot read the form: ${why}`, details);
}
