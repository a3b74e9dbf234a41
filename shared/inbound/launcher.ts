import { decoded, type Fields, fieldsOf, textOf } from '../lib/json-fields.ts';

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
