export { json } from '../http/json.ts';
import type { WireReply, WireRequest } from '../http/wire.ts';

export type { WireReply, WireRequest };

/** One thing that can be asked of an emulated platform. `parts` are the groups of `path`. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (request: WireRequest, parts: readonly string[]) => WireReply;
}

export type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined for what is no JSON object */
export function jsonObject(body: Buffer | string): Fields | undefined {
  try {
    const value = JSON.parse(body.toString('utf8')) as unknown;
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names that are not among those allowed. */
export function strangers(fields: Fields, allowed: readonly string[]): string[] {
  return Object.keys(fields).filter((name) => !allowed.includes(name));
}
