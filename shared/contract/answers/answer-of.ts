import type * as v from 'valibot';

/** What a schema describes, to be read only. */
export type AnswerOf<Schema extends v.GenericSchema> = ReadOnly<v.InferOutput<Schema>>;

type ReadOnly<T> = T extends object ? { readonly [Key in keyof T]: ReadOnly<T[Key]> } : T;
