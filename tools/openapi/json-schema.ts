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
  return tidy(converted) as JsonSchema;
}

/** An answer may grow: whoever reads it by this is not to refuse what is new. */
export function openSchema(schema: JsonSchema): JsonSchema {
  return withoutClosing(schema) as JsonSchema;
}

/** "No other field" the short way, and no list that requires nothing. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (key === 'required' && Array.isArray(inner) && inner.length === 0) return [];
      if (key === 'additionalProperties' && JSON.stringify(inner) === '{"not":{}}') {
        return [[key, false]];
      }
      return [[key, tidy(inner)]];
    }),
  );
}

function withoutClosing(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutClosing);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== 'additionalProperties' || inner !== false)
      .map(([key, inner]) => [key, withoutClosing(inner)]),
  );
}
