import * as v from 'valibot';
import { LatchkeyError } from '../domain/model/errors.ts';
import { pointerOf } from '../lib/pointer.ts';

/**
 * Reads what a chat platform sent.
 *
 * @throws {LatchkeyError} `bad-request`, which names the field and no value: it may be a secret
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
