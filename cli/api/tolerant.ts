import * as v from 'valibot';
import type { AnswerOf } from '../../shared/contract/answers/answer-of.ts';

type Schema = v.GenericSchema;

/** The parts of Valibot's schemas that are walked through. */
interface Parts {
  readonly type: string;
  readonly entries: Readonly<Record<string, Schema>>;
  readonly item: Schema;
  readonly wrapped: Schema;
  readonly key: string;
}

/**
 * Reads an answer of a newer Latchkey, too: with more fields, more values of a field, and more kinds. What
 * this version knows must be there, in its form.
 */
export function tolerant<S extends Schema>(schema: S): v.GenericSchema<unknown, AnswerOf<S>> {
  return loose(schema) as unknown as v.GenericSchema<unknown, AnswerOf<S>>;
}

function loose(schema: Schema): Schema {
  const { type, entries, item, wrapped, key } = schema as unknown as Parts;
  switch (type) {
    case 'strict_object': {
      const known = Object.entries(entries).map(([name, entry]) => [name, loose(entry)] as const);
      return v.looseObject(Object.fromEntries(known));
    }
    case 'variant':
      return v.looseObject({ [key]: v.string() });
    case 'array':
      return v.array(loose(item));
    case 'optional':
      return v.optional(loose(wrapped));
    case 'nullable':
      return v.nullable(loose(wrapped));
    case 'picklist':
    case 'string':
      return v.string();
    case 'number':
      return v.number();
    default:
      return schema;
  }
}
