import * as v from 'valibot';
import { eachCondition } from '../../domain/model/selector.ts';

/** What every answer is made of. Descriptions are for the OpenAPI document. */

export function text(description: string) {
  return v.pipe(v.string(), v.description(description));
}

export function count(description: string) {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.description(description));
}

export function ms(description: string) {
  return count(`${description} Milliseconds since the epoch.`);
}

export const RolloutId = v.pipe(
  v.string(),
  v.regex(/^ro-[a-z2-7]{26}$/),
  v.description('Follows from client and `webhook-id`.'),
);
export const InstanceId = v.pipe(v.string(), v.regex(/^i-[A-Za-z0-9]{1,60}$/));
export const PlanDigest = v.pipe(
  v.string(),
  v.regex(/^sha256:[0-9a-f]{64}$/),
  v.description('Changes when what would be done changes.'),
);

export const KeyPair = v.strictObject({
  name: v.string(),
  fingerprint: text('As ECS has it: a recreated name is another key pair.'),
});

export const requestId = text("Alibaba's own, empty when there was no call.");

export const OptedOut = v.strictObject({
  instanceId: InstanceId,
  tag: v.picklist(['restart', 'attach']),
  value: v.string(),
  effect: v.picklist(['not-attached', 'not-restarted', 'needs-approval', 'only-in-window', 'none']),
});

export const counts = {
  totalCount: count('The five below sum to it.'),
  attachedCount: count('Bound.'),
  failCount: count('Refused by ECS.'),
  skipCount: count('Left alone, for a reason.'),
  unknownCount: count('Asked, no answer: never reported as failed.'),
  waitingCount: count('Still to be attached.'),
};

/** What a plan and a rollout say alike. */
export const pace = {
  wave: v.strictObject({
    current: count('The wave started last; 0 before the first.'),
    of: count('How many there will be if all goes well.'),
  }),
  budget: v.strictObject({
    limit: count('Most that may be unavailable at once.'),
    unavailable: count('Are so now.'),
    failures: count('Since the last resume.'),
    haltAfter: count('So many halt it.'),
  }),
};

export const SelectorAnswer = v.strictObject({
  tags: v.optional(v.record(v.string(), v.string())),
  ...eachCondition(() => v.optional(v.string())),
});
