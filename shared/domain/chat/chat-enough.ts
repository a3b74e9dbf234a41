import { approveElsewhere } from '../workflow/approval.ts';
import type { Platform } from '../model/chat.ts';
import { isTouched } from '../policy/permission.ts';
import type { ChatRule } from '../model/policy.ts';
import type { Rollout } from '../model/rollout.ts';

/**
 * Why an approval that is given on this platform does not count for the rollout; undefined when it does.
 * High risk is the rollout's own, and the same on all of them (`whyNotBy`).
 */
export function whyNotEnough(
  platform: Platform,
  { rolloutId, instances }: Pick<Rollout, 'rolloutId' | 'instances'>,
  chat: ChatRule | null,
): string | undefined {
  switch (platform) {
    case 'slack':
    case 'feishu':
      return undefined;
    case 'dingtalk': {
      const most = chat?.dingtalk?.lowRiskInstances ?? 0;
      const count = instances.filter(isTouched).length;
      if (count <= most) return undefined;
      return `DingTalk is enough for ${most} instances, and these are ${count}: ${approveElsewhere(rolloutId)}`;
    }
  }
}
