export { json } from '../http/json.ts';
import type { WireReply, WireRequest } from '../http/wire.ts';

export type { WireReply, WireRequest };

/** One operation of an emulated platform's API. `parts` are the groups that `path` captured. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (request: WireRequest, parts: readonly string[]) => WireReply;
}

export type Fields = Readonly<Record<string, unknown>>;

/** @returns undefined when the body is not a JSON object */
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

/** The names of fields that are not allowed. */
export function strangers(fields: Fields, allowed: readonly string[]): string[] {
  return Object.keys(fields).filter((name) => !allowed.includes(name));
}

/** Every JSON object within a value, outermost first. */
export function* objectsIn(value: unknown): Generator<Fields> {
  if (typeof value !== 'object' || value === null) return;
  if (isFields(value)) yield value;
  for (const each of Object.values(value)) yield* objectsIn(each);
}
