import { createHash } from 'node:crypto';

/** The code of a file lies beside it. */
export const CODE_ENDING = '.cache';

const DIGEST_BYTES = 32;

/** What V8 compiled of `source`, as the file that is kept of it. */
export function codeFile(source: Uint8Array, code: Uint8Array): Buffer {
  return Buffer.concat([digestOf(source, code), code]);
}

/**
 * The compiled code in a file. V8 looks at no more than the source's length, its own version and flags:
 * of another source of that length it would run the code, and a damaged file ends the process.
 *
 * @returns undefined unless the file is whole, of this very source, and by this very Node
 */
export function codeIn(file: Buffer, source: Uint8Array): Buffer | undefined {
  const code = file.subarray(DIGEST_BYTES);
  return digestOf(source, code).equals(file.subarray(0, DIGEST_BYTES)) ? code : undefined;
}

function digestOf(source: Uint8Array, code: Uint8Array): Buffer {
  const hash = createHash('sha256');
  // Code refers to what is built into Node by number.
  hash.update(`${process.version} ${process.arch} ${source.length} `);
  return hash.update(source).update(code).digest();
}
