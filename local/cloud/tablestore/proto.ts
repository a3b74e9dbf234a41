import compiled, { type Message } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { invalid } from './errors.ts';

export const messages = compiled.main.proto;

/** @throws {OtsError} for bytes that are no such message */
export function parse<T>(type: Message<T>, bytes: Uint8Array): T {
  try {
    // Given a Buffer, the codec takes strings and bytes that are cut off; given this, it does not.
    return type.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    // The codec throws errors of many kinds; none of them says more than this.
    throw invalid('Parse PBMessage from RawString failed.');
  }
}

/** Whether an optional field was sent: the codec gives the default of an absent one. */
export const has = (message: object, field: string): boolean =>
  Object.hasOwn(message, field) && (message as Record<string, unknown>)[field] !== null;
