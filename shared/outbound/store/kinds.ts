import * as v from 'valibot';

/** A schema for each field of an object, in the order in which the fields are written. */
export type Fields<T> = { readonly [F in keyof T]: v.GenericSchema<unknown, T[F]> };

/** The members of a union on `kind`, each with its fields. A missing member or field is a type error. */
export type Kinds<S extends { readonly kind: string }> = {
  readonly [K in S['kind']]: Fields<Omit<Extract<S, { readonly kind: K }>, 'kind'>>;
};

/** Reads an object whose values were written in the order of `fields`. */
export function unpackingFields<T>(fields: Fields<T>): v.GenericSchema<unknown, T> {
  const names = Object.keys(fields);
  return v.pipe(
    v.strictTuple(Object.values<v.GenericSchema>(fields)),
    // By its type, `fields` has a schema for every field.
    v.transform(
      (values) => Object.fromEntries(names.map((name, i) => [name, values[i]] as const)) as T,
    ),
  );
}

/** The form of one member in a column: `[kind, field, field, …]`. */
export function packed<S extends { readonly kind: string }>(kinds: Kinds<S>, state: S): unknown[] {
  const values: Readonly<Record<string, unknown>> = state;
  const fields: object = kinds[state.kind as S['kind']];
  return [state.kind, ...Object.keys(fields).map((field) => values[field])];
}

/** Reads what `packed` wrote. */
export function unpacking<S extends { readonly kind: string }>(
  kinds: Kinds<S>,
): v.GenericSchema<unknown, S> {
  const schemas = new Map<unknown, v.GenericSchema<unknown, S>>(
    Object.entries<Fields<object>>(kinds).map(([kind, fields]) => [
      kind,
      // By its type, `Kinds` holds only the members of the union.
      unpackingFields({ kind: v.literal(kind), ...fields }) as v.GenericSchema<unknown, S>,
    ]),
  );
  const unknownKind = v.never('a state of unknown kind');
  return v.lazy((input) => schemas.get(Array.isArray(input) ? input[0] : undefined) ?? unknownKind);
}
