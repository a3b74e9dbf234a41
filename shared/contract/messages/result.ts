import * as v from 'valibot';
import { InstanceIdText, RolloutIdText } from '../names.ts';

/** A later version may send more fields than these. */
export const resultSchema = () =>
  v.object({
    schema: v.literal('latchkey.result/1'),
    rolloutId: RolloutIdText,
    regionId: v.string(),
    keyPairName: v.nullable(v.string()),
    instanceId: InstanceIdText,
    outcome: v.looseObject({
      kind: v.picklist(['attached', 'failed', 'skipped', 'unknown', 'waiting']),
    }),
    next: v.picklist(['reboot', 'start', 'none']),
    attachedAtMs: v.exactOptional(v.number()),
  });
