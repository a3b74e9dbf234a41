import type { Tables } from '../tables/tables.ts';

/**
 * One API action. It turns the request's body into the answer's body.
 *
 * @throws {OtsError} for an error of the caller
 */
export type Action = (tables: Tables, body: Buffer) => Uint8Array;
