import type { Tables } from '../tables/tables.ts';

/**
 * One API action: the body of the request to the body of the answer.
 *
 * @throws {OtsError} for what the caller did wrong
 */
export type Action = (tables: Tables, body: Buffer) => Uint8Array;
