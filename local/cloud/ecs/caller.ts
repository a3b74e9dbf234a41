import type { Credential } from '../kernel/account.ts';
import type { WireRequest } from '../kernel/wire.ts';

/** Who makes a call, in ActionTrail's words. */
export interface Caller {
  readonly eventType: 'ApiCall' | 'ConsoleOperation';
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly userIdentity: (eventTime: string) => Readonly<Record<string, unknown>>;
}

/** Somebody with an access key: the account itself, or a function in its role. */
export function apiCaller(accountId: string, credential: Credential, wire: WireRequest): Caller {
  const { accessKeyId, functionInstance } = credential;
  const identity =
    functionInstance === undefined
      ? { type: 'root-account', principalId: accountId, userName: 'root' }
      : {
          type: 'assumed-role',
          principalId: `${functionInstance.functionName}:${functionInstance.instanceId}`,
          userName: functionInstance.functionName,
        };
  return {
    eventType: 'ApiCall',
    sourceIp: wire.sourceIp,
    userAgent: wire.headers['user-agent'] ?? '',
    userIdentity: (eventTime) => ({
      ...identity,
      accountId,
      accessKeyId,
      sessionContext: session(eventTime, 'false'),
    }),
  };
}

/** A person at the console, as in the captured record of events-queue §1.4. */
export function consoleCaller(accountId: string, userName: string): Caller {
  return {
    eventType: 'ConsoleOperation',
    sourceIp: '127.0.0.1',
    userAgent: 'ecs.console.aliyun.com',
    userIdentity: (eventTime) => ({
      type: 'ram-user',
      principalId: '200000000000000000',
      userName,
      accountId,
      sessionContext: session(eventTime, 'true'),
    }),
  };
}

function session(eventTime: string, mfaAuthenticated: 'true' | 'false') {
  return { attributes: { mfaAuthenticated, creationDate: eventTime } };
}
