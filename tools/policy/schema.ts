import { toJsonSchema } from '@valibot/to-json-schema';
import { PolicyFile } from '../../shared/policy-file/policy-file.ts';
import { DESCRIPTIONS } from './descriptions.ts';

type Schema = Record<string, unknown>;

/** What `Tags` of shared/policy-file/fields.ts takes: the generator knows no custom schema. */
const TAGS: Schema = {
  type: 'object',
  propertyNames: { minLength: 1, maxLength: 128 },
  additionalProperties: { type: 'string', maxLength: 128 },
};

/**
 * JSON Schema (draft 07, which every editor knows) of `policy.json`, made of the schema that reads it. It takes everything
 * that the policy takes; what only `npm run policy -- check` refuses are contradictions between parts,
 * and texts that no pattern can tell from right ones.
 */
export function policySchema(): Schema {
  const generated = toJsonSchema(PolicyFile, {
    typeMode: 'input',
    target: 'draft-07',
    errorMode: 'ignore',
    overrideSchema: ({ valibotSchema, jsonSchema }) =>
      valibotSchema.type === 'custom' ? TAGS : jsonSchema,
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'policy.json of Latchkey',
    ...finished(generated as Schema, ''),
  };
}

/** With its descriptions, and as an editor understands it best. */
function finished(schema: Schema, place: string): Schema {
  const about = DESCRIPTIONS[place] ?? '';
  const { properties, items, additionalProperties, required, ...rest } = schema;
  return {
    ...(typeof about === 'string' ? { description: about } : about),
    ...rest,
    ...(properties !== undefined && { properties: fieldsOf(properties as Schema, place) }),
    ...(Array.isArray(required) && required.length > 0 && { required }),
    ...(properties !== undefined && { additionalProperties: false }),
    ...(properties === undefined && additionalProperties !== undefined && { additionalProperties }),
    ...(items !== undefined && { items: finished(items as Schema, `${place}[]`) }),
    // Every list that must not be empty says nothing twice: `eachOnce`.
    ...('minItems' in schema && { uniqueItems: true }),
  };
}

function fieldsOf(properties: Schema, place: string): Schema {
  const entries = Object.entries(properties).map(([name, schema]) => {
    const inner = place === '' ? name : `${place}.${name}`;
    return [name, finished(schema as Schema, inner)];
  });
  return Object.fromEntries(entries);
}

/** Every place that a description may be given for: `clients[].id`. */
export function placesIn(schema: Schema, place = ''): string[] {
  const properties = (schema['properties'] ?? {}) as Schema;
  const inner = Object.entries(properties).flatMap(([name, one]) =>
    placesIn(one as Schema, place === '' ? name : `${place}.${name}`),
  );
  const items =
    schema['items'] === undefined ? [] : placesIn(schema['items'] as Schema, `${place}[]`);
  return [place, ...inner, ...items];
}
