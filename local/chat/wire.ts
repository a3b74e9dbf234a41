export interface WireRequest {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface WireReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** One operation of an emulated platform's API. `parts` are the groups that `path` captured. */
export interface Route {
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (request: WireRequest, parts: readonly string[]) => WireReply;
}

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireReply {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
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
