import { decoded, type Fields, fieldsOf, textOf } from '../lib/json-fields.ts';

/** The parameters of a launch, as far as ActionTrail records them. */
export interface LaunchParameters {
  /** null for a launch without a name. */
  readonly name: string | null;
  readonly imageId: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Id and name, as far as recorded; [] for a launch without a template. */
  readonly launchTemplates: readonly string[];
}

/** https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-createlaunchtemplate */
const MAX_TEMPLATE_LENGTH = 128;

/**
 * Reads `requestParameters`. Its names are flattened (`Tag.1.Key`), and its values have any type. Some records
 * hold it as a text. It does not include the image, name and tags from a launch template.
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

/** `Tag.1.Key`, `Tag.1.Value`: the form of an API call. */
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

/** A list of keys and values: the form of the console. Captured only as an empty list. */
function listedTags(parameters: Fields): Record<string, string> {
  const listed = [parameters['Tags'], parameters['Tag']].map(decoded).flat();
  const pairs = listed.flatMap((one) => {
    const { Key, Value, key, value } = fieldsOf(one);
    const given = textOf(Key) ?? textOf(key);
    return given === undefined ? [] : [[given, textOf(Value) ?? textOf(value) ?? ''] as const];
  });
  return Object.fromEntries(pairs);
}

/** The caller in an ActionTrail record. It is good for rules and for people, and proves nothing. */
export interface Launcher {
  /** Every name of the caller, the most readable first. */
  readonly names: readonly string[];
  /** The role that the caller had assumed; null without a role. */
  readonly roleName: string | null;
}

/**
 * Reads `userIdentity`. A caller in a role has the user name `role:session` and the principal
 * `number:session`: https://www.alibabacloud.com/help/doc-detail/286997.htm
 *
 * @returns null when the record has no caller
 */
export function launcherOf(record: Fields): Launcher | null {
  const identity = fieldsOf(decoded(record['userIdentity']));
  const [userName, principalId, accountId, type] = [
    identity['userName'],
    identity['principalId'],
    identity['accountId'],
    identity['type'],
  ].map((one) => textOf(one)?.slice(0, MAX_NAME_LENGTH));
  const roleName = userName?.includes(':') ? userName.slice(0, userName.indexOf(':')) : undefined;
  const names = [userName, roleName, principalId, accountId].filter((one) => one !== undefined);
  if (names.length > 0) return { names: [...new Set(names)], roleName: roleName ?? null };
  return type === undefined ? null : { names: [type], roleName: null };
}

/** Our own choice: names of users, roles and sessions have at most 64 characters each. */
const MAX_NAME_LENGTH = 160;
