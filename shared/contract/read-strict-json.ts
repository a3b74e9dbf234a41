import { LatchkeyError } from '../domain/model/errors.ts';
import { NotStrictJson, strictJson } from '../lib/strict-json.ts';

/**
 * As `strictJson`, for whoever is to be answered.
 *
 * @param subject what is read, for messages: `the request`
 * @throws {LatchkeyError} `bad-request`, with a pointer where a name is at fault
 */
export function readStrictJson(text: string | Uint8Array, subject: string): unknown {
  try {
    return strictJson(text);
  } catch (error) {
    if (!(error instanceof NotStrictJson)) throw error;
    const { message, cause, fault } = error;
    throw new LatchkeyError('bad-request', `Cannot read ${subject}: ${message}`, {
      ...(cause === undefined ? {} : { cause }),
      ...(fault === null
        ? {}
        : { faults: [{ path: fault.path, detail: `Cannot be read: ${fault.why}` }] }),
    });
  }
}
