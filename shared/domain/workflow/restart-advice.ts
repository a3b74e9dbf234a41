/** Latchkey's own codes. */
const OWN = {
  NoEvidence:
    'see when it last booted: resolve it as skip if it booted since Latchkey asked, else as retry',
  ReadyTimeout: 'find out in its console why it does not boot, then resolve it as retry or skip',
  NotStayedReady: 'find out who or what stopped it, then resolve it as retry or skip',
  BoundToAnother: 'find out who bound the other key pair; a new rollout binds this one again',
  InstanceReleased: 'nothing is left to do: resolve it as skip',
} as const;

/**
 * The codes of ECS that a person can do something about:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstances
 */
const OF_ECS = {
  InstanceLockedForSecurity: 'have the security lock removed, then resolve it as retry',
  InstanceExpiredOrInArrears: 'renew it or settle the account, then resolve it as retry',
  InstanceExpired: 'renew it, then resolve it as retry',
  InsufficientBalance: 'settle the account, then resolve it as retry',
  'OperationDenied.NoStock': 'resolve it as retry when its zone has stock again, or as skip',
  IncorrectInstanceStatus: 'see which state it is in, then resolve it as retry or skip',
  'Forbidden.RAM': 'grant the permissions of docs/permissions.md, then resolve it as retry',
} as const;

const ADVICE = new Map<string, string>(Object.entries({ ...OWN, ...OF_ECS }));

/** What a person can do about a restart that failed, or that may have happened. */
export function adviceOn(code: string): string {
  return ADVICE.get(code) ?? 'read the message, then resolve it as retry or skip';
}
