import * as v from 'valibot';
import { InstanceIdText, RolloutIdText } from './names.ts';
import { OrderFields } from './order-fields.ts';
import { Probe } from './probe.ts';

/** The messages of design.md §6.2. More fields than these may come with a later version. */
const Result = v.object({
  schema: v.literal('latchkey.result/1'),
  rolloutId: RolloutIdText,
  regionId: v.string(),
  /** null: it was detached. */
  keyPairName: v.nullable(v.string()),
  instanceId: InstanceIdText,
  outcome: v.looseObject({
    kind: v.picklist(['attached', 'failed', 'skipped', 'unknown', 'waiting']),
  }),
  next: v.picklist(['reboot', 'start', 'none']),
  attachedAtMs: v.optional(v.number()),
});

const Wake = v.object({ schema: v.literal('latchkey.wake/1'), rolloutId: RolloutIdText });

/** Milliseconds since the epoch. */
const Moment = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Longest text of a launch: our own choice, longer than any that `launch` sends. */
const LaunchText = v.pipe(v.string(), v.maxLength(400));
const LaunchTexts = v.nullable(v.pipe(v.array(LaunchText), v.maxLength(20)));

const launchEntries = {
  instanceId: InstanceIdText,
  regionId: LaunchText,
  accountId: v.nullable(LaunchText),
  launchedBy: LaunchTexts,
  launchTemplates: LaunchTexts,
  eventKey: LaunchText,
  eventName: LaunchText,
  source: v.picklist(['action-trail', 'state-change', 'auto-scaling']),
  atMs: Moment,
  lastCall: v.boolean(),
  tries: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0),
};

/** One instance that was launched, as one event told of it. */
const Launched = v.object({ schema: v.literal('latchkey.launch/1'), ...launchEntries });

/** Launches that were gathered, and waited for a moment to be answered at. */
const Gathered = v.object({
  schema: v.literal('latchkey.launches/1'),
  launches: v.array(v.object(launchEntries)),
});

/** What a channel is to be told of a rollout. */
const Notice = v.object({
  schema: v.literal('latchkey.notice/1'),
  id: v.string(),
  rolloutId: RolloutIdText,
  channel: v.string(),
  kind: v.picklist(['approval-needed', 'break-glass', 'halted', 'ended']),
  atMs: v.number(),
  attempt: v.number(),
  data: v.record(v.string(), v.unknown()),
});

/** What a person wants, from the chat door. */
const Ordered = v.strictObject({ schema: v.literal('latchkey.order/1'), ...OrderFields });

export const Message = v.variant('schema', [
  Result,
  Wake,
  Launched,
  Gathered,
  Probe,
  Notice,
  Ordered,
]);

export type Message = v.InferOutput<typeof Message>;
