/**
 * The codes of ECS are those that a person can do something about:
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-rebootinstances
 * https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-startinstances
 * The others are Latchkey's own.
 */

/** What to do before `resolve` as `retry`. */
const BEFORE_RETRY: Readonly<Record<string, string>> = {
  InstanceLockedForSecurity: 'have the security lock removed',
  InstanceExpiredOrInArrears: 'renew it or settle the account',
  InstanceExpired: 'renew it',
  InsufficientBalance: 'settle the account',
  'Forbidden.RAM': 'grant the permissions of docs/permissions.md',
};

/** What to do before a choice of `retry` or `skip`. */
const BEFORE_CHOICE: Readonly<Record<string, string>> = {
  ReadyTimeout: 'find out in its console why it does not boot',
  NotStayedReady: 'find out who or what stopped it',
  IncorrectInstanceStatus: 'see which state it is in',
};

const OTHERS: Readonly<Record<string, string>> = {
  NoEvidence:
    'see when it last booted: resolve it as skip if it booted since Latchkey asked, else as retry',
  BoundToAnother: 'find out who bound the other key pair; a new rollout binds this one again',
  InstanceReleased: 'nothing is left to do: resolve it as skip',
  'OperationDenied.NoStock': 'resolve it as retry when its zone has stock again, or as skip',
};

/** What a person can do about a restart that failed, or that may have happened. */
export function adviceOn(code: string): string {
  // A code comes from elsewhere: it must not find what every object has.
  const told = (words: typeof OTHERS) => (Object.hasOwn(words, code) ? words[code] : undefined);
  const [advice, first] = [told(OTHERS), told(BEFORE_RETRY)];
  if (advice !== undefined) return advice;
  if (first !== undefined) return `${first}, then resolve it as retry`;
  return `${told(BEFORE_CHOICE) ?? 'read the message'}, then resolve it as retry or skip`;
}
