import compiled, { type Message } from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { invalid } from './errors.ts';

export const messages = compiled.main.proto;

/** @throws {OtsError} for bytes that are not such a message */
export function parse<T>(type: Message<T>, bytes: Uint8Array): T {
  try {
    // With a Buffer the codec accepts truncated strings and bytes. With a Uint8Array it does not.
    return type.decode(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  } catch {
    // The codec throws errors of many kinds. None of them says more than this one.
    throw invalid('Parse PBMessage from RawString failed.');
  }
}

/** Whether an optional field was sent. The codec returns the default of an absent field. */
export const has = (message: object, field: string): boolean =>
  Object.hasOwn(message, field) && (message as Record<string, unknown>)[field] !== null;
