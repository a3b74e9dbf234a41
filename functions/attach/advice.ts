/** Latchkey's own codes: shared/domain/workflow/restarting.ts, pacing.ts and step.ts. */
const OWN = {
  NoEvidence: 'see when it booted last: resolve it as retry if that was before, else as skip',
  ReadyTimeout: 'look at its console, mend it, then resolve it as retry or skip',
  NotStayedReady: 'find out who or what stopped it, then resolve it as retry or skip',
  BoundToAnother: 'find out who bound that key pair; a new rollout binds this one again',
  InstanceReleased: 'nothing is left to do: resolve it as skip',
  Busy: 'wait until that rollout is done, then resolve it as retry',
} as const;

/**
 * Those of ECS that a person can do something about:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstances
 */
const OF_ECS = {
  InstanceLockedForSecurity: 'have the security lock taken off, then resolve it as retry',
  InstanceExpiredOrInArrears: 'renew it or settle the account, then resolve it as retry',
  InstanceExpired: 'renew it, then resolve it as retry',
  InsufficientBalance: 'settle the account, then resolve it as retry',
  'OperationDenied.NoStock': 'resolve it as retry when its zone has stock again, or as skip',
  IncorrectInstanceStatus: 'look what it is doing, then resolve it as retry or skip',
  'Forbidden.RAM': 'grant what docs/permissions.md says, then resolve it as retry',
} as const;

const ADVICE = new Map<string, string>(Object.entries({ ...OWN, ...OF_ECS }));

/** What a person can do about a restart that failed, or that nobody knows of. */
export function adviceOn(code: string): string {
  return ADVICE.get(code) ?? 'read the message, then resolve it as retry or skip';
}
