import * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import { pointerOf } from '../lib/pointer.ts';

/**
 * Reads the payload of a chat platform.
 *
 * @throws {LatchkeyError} `bad-request`. It names the field but not the value, which may be a secret
 */
export function readPayload<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  subject: string,
): v.InferOutput<S> {
  const read = v.safeParse(schema, value);
  if (read.success) return read.output;
  const pointer = pointerOf((read.issues[0].path ?? []).map(({ key }) => String(key)));
  const where = pointer === '' ? 'the whole' : `"${pointer}"`;
  throw new LatchkeyError('bad-request', `Cannot read ${subject}: ${where} is not as documented`);
}
