import { refuse } from '../errors.ts';

/** How a parameter is declared: its form on the wire, and whether it must be given. */
export type Declared =
  | { readonly kind: 'text'; readonly required?: boolean }
  | { readonly kind: 'integer' }
  | { readonly kind: 'number' }
  | { readonly kind: 'flag' }
  /** `Name.1`, `Name.2`, …; `Name.1.Field` when it is a list of groups. */
  | { readonly kind: 'list'; readonly of: Declared }
  /** `Name.Field` */
  | { readonly kind: 'group'; readonly fields: Table };

export interface Table {
  readonly [name: string]: Declared;
}

export type ValueOf<D> = D extends { kind: 'text' }
  ? string
  : D extends { kind: 'integer' | 'number' }
    ? number
    : D extends { kind: 'flag' }
      ? boolean
      : D extends { kind: 'list'; of: infer Item }
        ? ValueOf<Item>[]
        : D extends { kind: 'group'; fields: infer Fields }
          ? Values<Fields>
          : never;

export type Values<T> = {
  readonly [K in keyof T]: T[K] extends { required: true }
    ? ValueOf<T[K]>
    : ValueOf<T[K]> | undefined;
};

export const text = { kind: 'text' } as const;
export const requiredText = { kind: 'text', required: true } as const;
export const integer = { kind: 'integer' } as const;
export const number = { kind: 'number' } as const;
export const flag = { kind: 'flag' } as const;
export const listOf = <const D extends Declared>(of: D) => ({ kind: 'list', of }) as const;
export const group = <const T extends Table>(fields: T) => ({ kind: 'group', fields }) as const;
export const tags = listOf(group({ Key: text, Value: text }));

/** Every SDK can send these. They are not documented, and have no effect here. */
export const owner = {
  OwnerId: integer,
  ResourceOwnerId: integer,
  ResourceOwnerAccount: text,
} as const;
export const ownerAccount = { ...owner, OwnerAccount: text } as const;

type Scalar = string | number | boolean;
interface Entry {
  readonly path: readonly string[];
  readonly name: string;
  readonly value: string;
}

/**
 * Reads the parameters of one action.
 *
 * @param scalars is filled with every value in its own type, by full name
 * @throws {EcsError} MissingParameter, or InvalidParameter for a parameter that the action does not
 * have and for a value of the wrong type; the message names the parameter
 */
export function readParameters<const T extends Table>(
  table: T,
  given: ReadonlyMap<string, string>,
  scalars: Map<string, Scalar> = new Map(),
): Values<T> {
  const entries = [...given].map(([name, value]) => ({ path: name.split('.'), name, value }));
  return readGroup(table, entries, scalars, '') as Values<T>;
}

function readGroup(
  table: Table,
  entries: readonly Entry[],
  scalars: Map<string, Scalar>,
  prefix: string,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  const given = byFirst(entries);
  for (const [first, [entry]] of given) {
    if (!Object.hasOwn(table, first)) refuse('InvalidParameter', entry!.name);
  }
  for (const [name, declared] of Object.entries(table)) {
    const own = given.get(name);
    const missing = own === undefined || own[0]?.value === '';
    if (declared.kind === 'text' && declared.required === true && missing) {
      refuse('MissingParameter', prefix + name);
    }
    if (own !== undefined) values[name] = readOne(declared, rest(own), scalars, prefix + name);
  }
  return values;
}

function readOne(
  declared: Declared,
  entries: readonly Entry[],
  scalars: Map<string, Scalar>,
  name: string,
): unknown {
  switch (declared.kind) {
    case 'group':
      return readGroup(declared.fields, entries, scalars, `${name}.`);
    case 'list':
      return [...byFirst(entries)]
        .map(([index, own]) => {
          if (!/^[1-9]\d{0,5}$/.test(index)) refuse('InvalidParameter', own[0]!.name);
          return { index: Number(index), own };
        })
        .sort((a, b) => a.index - b.index)
        .map(({ index, own }) => readOne(declared.of, rest(own), scalars, `${name}.${index}`));
    case 'text':
    case 'integer':
    case 'number':
    case 'flag': {
      const [entry] = entries;
      if (entry === undefined || entries.length > 1 || entry.path.length > 0) {
        return refuse('InvalidParameter', entries.at(-1)?.name ?? name);
      }
      const value = scalarOf(declared.kind, entry);
      scalars.set(entry.name, value);
      return value;
    }
  }
}

function scalarOf(kind: 'text' | 'integer' | 'number' | 'flag', { name, value }: Entry): Scalar {
  switch (kind) {
    case 'text':
      return value;
    case 'integer':
      return /^-?\d{1,15}$/.test(value) ? Number(value) : refuse('InvalidParameter', name);
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : refuse('InvalidParameter', name);
    case 'flag':
      if (/^true$/i.test(value)) return true;
      return /^false$/i.test(value) ? false : refuse('InvalidParameter', name);
  }
}

function byFirst(entries: readonly Entry[]): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const first = entry.path[0] ?? '';
    const own = groups.get(first);
    if (own === undefined) groups.set(first, [entry]);
    else own.push(entry);
  }
  return groups;
}

function rest(entries: readonly Entry[]): Entry[] {
  return entries.map((entry) => ({ ...entry, path: entry.path.slice(1) }));
}

/** A parameter that holds a JSON array of strings; undefined when it holds anything else. */
export function jsonStrings(value: string): string[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parsed)) return undefined;
  return parsed.every((item) => typeof item === 'string') ? parsed : undefined;
}
