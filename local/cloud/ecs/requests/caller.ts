import { createHash } from 'node:crypto';
import type { Credential, Identity } from '../../kernel/account.ts';

/** Who makes a call, in ActionTrail's words. */
export interface Caller {
  readonly eventType: 'ApiCall' | 'ConsoleOperation';
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly userIdentity: (eventTime: string) => Readonly<Record<string, unknown>>;
}

/** A caller with an access key: the account, a RAM user, or an assumed role. */
export function apiCaller(
  accountId: string,
  { accessKeyId, identity }: Pick<Credential, 'accessKeyId' | 'identity'>,
  { sourceIp, userAgent }: Pick<Caller, 'sourceIp' | 'userAgent'>,
): Caller {
  return {
    eventType: 'ApiCall',
    sourceIp,
    userAgent,
    userIdentity: (eventTime) => ({
      ...whoOf(accountId, identity),
      accountId,
      accessKeyId,
      sessionContext: session(eventTime, 'false'),
    }),
  };
}

/** A person at the console, as in a captured ActionTrail record. */
export function consoleCaller(accountId: string, userName: string): Caller {
  return {
    eventType: 'ConsoleOperation',
    sourceIp: '127.0.0.1',
    userAgent: 'ecs.console.aliyun.com',
    userIdentity: (eventTime) => ({
      ...whoOf(accountId, { kind: 'ram-user', userName }),
      accountId,
      sessionContext: session(eventTime, 'true'),
    }),
  };
}

/**
 * A role's session is called `role:session`, and its principal `number:session`:
 * https://www.alibabacloud.com/help/doc-detail/286997.htm
 */
function whoOf(accountId: string, identity: Identity | undefined) {
  switch (identity?.kind) {
    case undefined:
      return { type: 'root-account', principalId: accountId, userName: 'root' };
    case 'ram-user': {
      const { userName } = identity;
      return { type: 'ram-user', principalId: numberOf(`user/${userName}`), userName };
    }
    case 'assumed-role': {
      const { roleName, sessionName } = identity;
      return {
        type: 'assumed-role',
        principalId: `${numberOf(`role/${roleName}`)}:${sessionName}`,
        userName: `${roleName}:${sessionName}`,
      };
    }
  }
}

/** The id of a user or a role: 18 digits, derived from its name. */
function numberOf(name: string): string {
  const digest = createHash('sha256').update(name).digest();
  return String(300_000_000_000_000_000n + (digest.readBigUInt64BE() % 100_000_000_000_000_000n));
}

function session(eventTime: string, mfaAuthenticated: 'true' | 'false') {
  return { attributes: { mfaAuthenticated, creationDate: eventTime } };
}
