import * as v from 'valibot';
import { InstanceIdText, RolloutIdText } from './names.ts';

/** The messages of design.md §6.2. More fields than these may come with a later version. */
const Result = v.object({
  schema: v.literal('latchkey.result/1'),
  rolloutId: RolloutIdText,
  regionId: v.string(),
  keyPairName: v.string(),
  instanceId: InstanceIdText,
  outcome: v.looseObject({
    kind: v.picklist(['attached', 'failed', 'skipped', 'unknown', 'waiting']),
  }),
  next: v.picklist(['reboot', 'start', 'none']),
  attachedAtMs: v.optional(v.number()),
});

const Wake = v.object({ schema: v.literal('latchkey.wake/1'), rolloutId: RolloutIdText });

export const Message = v.variant('schema', [Result, Wake]);

export type Message = v.InferOutput<typeof Message>;
