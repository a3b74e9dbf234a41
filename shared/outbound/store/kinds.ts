import * as v from 'valibot';

/** A schema for each field of one member of a union, in the order in which the fields are written. */
type Fields<M> = { readonly [F in Exclude<keyof M, 'kind'>]: v.GenericSchema<M[F]> };

/** The members of a union on `kind`, each with its fields. A missing member or field is a type error. */
export type Kinds<S extends { readonly kind: string }> = {
  readonly [K in S['kind']]: Fields<Extract<S, { readonly kind: K }>>;
};

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
    Object.entries<Readonly<Record<string, v.GenericSchema>>>(kinds).map(([kind, fields]) => {
      const names = Object.keys(fields);
      const schema = v.pipe(
        v.strictTuple([v.literal(kind), ...Object.values(fields)]),
        // By its type, `Kinds` holds only the members of the union.
        v.transform(
          ([, ...values]) =>
            Object.fromEntries([
              ['kind', kind],
              ...names.map((name, i) => [name, values[i]] as const),
            ]) as S,
        ),
      );
      return [kind, schema];
    }),
  );
  const unknownKind = v.never('a state of unknown kind');
  return v.lazy((input) => schemas.get(Array.isArray(input) ? input[0] : undefined) ?? unknownKind);
}
