import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** Schemas that are told once, by name. */
export type Named = ReadonlyMap<v.GenericSchema, string>;

/**
 * JSON Schema 2020-12 of what the schema takes, before it changes anything. What JSON Schema cannot
 * say is left out.
 *
 * @param named those of them inside the schema become references
 */
export function jsonSchemaOf(schema: v.GenericSchema, named: Named = new Map()): JsonSchema {
  const { $schema: _dialect, ...converted } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode: 'input',
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema }) => {
      const name =
        valibotSchema === schema ? undefined : named.get(valibotSchema as v.GenericSchema);
      return name === undefined ? undefined : { $ref: `#/components/schemas/${name}` };
    },
  });
  return withEach(converted, (key, inner) => {
    if (key === 'required' && Array.isArray(inner) && inner.length === 0) return undefined;
    // "No other field" the short way.
    const isClosing = key === 'additionalProperties' && JSON.stringify(inner) === '{"not":{}}';
    return isClosing ? false : inner;
  }) as JsonSchema;
}

/** An answer may grow: whoever reads it by this is not to refuse what is new. */
export function openSchema(schema: JsonSchema): JsonSchema {
  return withEach(schema, (key, inner) =>
    key === 'additionalProperties' && inner === false ? undefined : inner,
  ) as JsonSchema;
}

/** The value with every field inside replaced; undefined leaves the field out. */
function withEach(value: unknown, replaced: (key: string, inner: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => withEach(one, replaced));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, withEach(replaced(key, inner), replaced)])
      .filter(([, inner]) => inner !== undefined),
  );
}
