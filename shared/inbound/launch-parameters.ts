import { decoded, type Fields, fieldsOf, textOf } from '../lib/json-fields.ts';

/** What a launch asked for, as far as ActionTrail tells it. */
export interface LaunchParameters {
  /** null when it gave none. */
  readonly name: string | null;
  readonly imageId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Id and name, as far as given; [] for a launch without a template. */
  readonly launchTemplates: readonly string[];
}

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createlaunchtemplate */
const MAX_TEMPLATE_LENGTH = 128;

/**
 * Reads `requestParameters`, in which names are flattened (`Tag.1.Key`) and values have any type; some
 * records hold them as a text. Image, name and tags that a template brings are not among them.
 *
 * @returns null for a record without parameters, as in the documentation's sample
 */
export function launchParametersOf(record: Fields): LaunchParameters | null {
  const given = decoded(record['requestParameters'] ?? record['requestParameterJson']);
  if (typeof given !== 'object' || given === null) return null;
  const parameters = fieldsOf(given);
  const templates = [parameters['LaunchTemplateId'], parameters['LaunchTemplateName']];
  return {
    name: textOf(parameters['InstanceName']) ?? null,
    imageId: textOf(parameters['ImageId']) ?? null,
    tags: { ...listedTags(parameters), ...flattenedTags(parameters) },
    launchTemplates: templates.flatMap((one) => textOf(one)?.slice(0, MAX_TEMPLATE_LENGTH) ?? []),
  };
}

/** `Tag.1.Key`, `Tag.1.Value`: what an API call records. */
function flattenedTags(parameters: Fields): Record<string, string> {
  const pairs = Object.entries(parameters).flatMap(([name, key]) => {
    const [, nth] = /^Tags?\.(\d+)\.Key$/.exec(name) ?? [];
    const given = textOf(key);
    if (nth === undefined || given === undefined) return [];
    const value = parameters[`Tag.${nth}.Value`] ?? parameters[`Tags.${nth}.Value`];
    return [[given, textOf(value) ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}

/** A list of keys and values: the console's `Tags` was captured only when it was empty. */
function listedTags(parameters: Fields): Record<string, string> {
  const listed = [parameters['Tags'], parameters['Tag']].map(decoded).flat();
  const pairs = listed.flatMap((one) => {
    const { Key, Value, key, value } = fieldsOf(one);
    const given = textOf(Key) ?? textOf(key);
    return given === undefined ? [] : [[given, textOf(Value) ?? textOf(value) ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}
