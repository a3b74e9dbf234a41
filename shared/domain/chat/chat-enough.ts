import { approveElsewhere } from '../workflow/approval.ts';
import { type Platform, PLATFORM_NAMES } from '../model/chat.ts';
import { isTouched } from '../policy/permission.ts';
import type { ChatRule } from '../model/policy.ts';
import type { Rollout } from '../model/rollout.ts';

/**
 * Why an approval that is given on this platform does not count for the rollout. undefined: it counts.
 * Whether the rollout is of high risk does not depend on the platform: `whyNotBy`.
 */
export function whyNotEnough(
  platform: Platform,
  { rolloutId, instances }: Pick<Rollout, 'rolloutId' | 'instances'>,
  chat: ChatRule | null,
): string | undefined {
  const app = chat?.apps[platform];
  // On a platform that is not set up, no approval counts.
  const most = app === undefined ? 0 : app.lowRiskInstances;
  const count = instances.filter(isTouched).length;
  if (most === null || count <= most) return undefined;
  const name = PLATFORM_NAMES[platform];
  return `${name} is enough for ${most} instances, and these are ${count}: ${approveElsewhere(rolloutId)}`;
}
