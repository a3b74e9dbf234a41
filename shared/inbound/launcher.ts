import { decoded, type Fields, fieldsOf, textOf } from '../lib/json-fields.ts';

/** Who made a call, as ActionTrail tells it: for rules and for people, no proof of anything. */
export interface Launcher {
  /** Every name that it goes by, for people first. */
  readonly names: readonly string[];
  /** Of somebody who acted in a role; null for anybody else. */
  readonly roleName: string | null;
}

/**
 * Reads `userIdentity`. Whoever acts in a role has the user name `role:session` and the principal
 * `number:session`: https://www.alibabacloud.com/help/doc-detail/286997.htm
 *
 * @returns null when the record does not say
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

/** Our own choice: names of users and of roles have at most 64 characters, sessions as many. */
const MAX_NAME_LENGTH = 160;
