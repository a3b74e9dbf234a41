import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';

/** The schema of devsapp/fc3 (src/schema.json). It is not ours to copy: it lies beside the repository, or not at all. */
const SCHEMA_PATH = resolve(import.meta.dirname, '../../../shared/data/fc3-schema.json');

/** The schema itself takes any object for `triggerConfig`, so each trigger is held against its own part. */
const DEFINITION_OF: Readonly<Record<string, string>> = {
  http: 'IHttpTriggerConfig',
  eventbridge: 'IEventBridge',
  timer: 'ITimerTriggerConfig',
};

export interface Trigger {
  readonly triggerName: string;
  readonly triggerType: string;
  readonly triggerConfig: Readonly<Record<string, unknown>>;
}

/** Says what fc3 would not take of a function and its triggers; undefined where there is no schema. */
export function fc3Validator():
  | ((props: { triggers: readonly Trigger[] }) => string[])
  | undefined {
  if (!existsSync(SCHEMA_PATH)) return undefined;
  const schema = JSON.parse(readFileSync(SCHEMA_PATH, 'utf8')) as object;
  const ajv = new Ajv({ allErrors: true, strict: false });
  ajv.addSchema(schema, 'fc3');
  const faults = (reference: string, value: unknown, place: string): string[] => {
    const validate = ajv.getSchema(reference);
    if (validate === undefined) throw new Error(`Cannot validate by "${reference}": not in schema`);
    if (validate(value) === true) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message }) => `${place}${instancePath} ${message ?? ''}`,
    );
  };
  return (props) => [
    ...faults('fc3', props, ''),
    ...props.triggers.flatMap(({ triggerName, triggerType, triggerConfig }) =>
      faults(`fc3#/definitions/${DEFINITION_OF[triggerType]}`, triggerConfig, triggerName),
    ),
  ];
}
