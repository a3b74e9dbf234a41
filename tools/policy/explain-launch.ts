import {
  isOwnRole,
  judgeLaunch,
  type LaunchFacts,
  type LaunchStep,
  needsActionTrail,
  type RuleVerdict,
} from '../../shared/domain/launch/launch-rules.ts';
import { attachOptOut, restartOptOut } from '../../shared/domain/policy/opt-out.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import { type LaunchEvent, readLaunchEvent } from '../../shared/inbound/launch-event.ts';
import type { Described } from './described.ts';

type Snapshot = LaunchFacts['snapshot'];
type Launched = LaunchEvent & { readonly kind: 'launch' };

/** What a policy makes of one event. */
export type LaunchExplanation =
  | { readonly kind: 'ignored'; readonly why: string }
  | {
      readonly kind: 'launch';
      readonly source: Launched['source'];
      readonly eventName: string;
      readonly regionId: string;
      readonly launchedBy: readonly string[] | null;
      readonly instances: readonly InstanceExplanation[];
    };

/** What it makes of instances of which the same is known. */
export interface InstanceExplanation extends Snapshot {
  readonly instanceIds: readonly string[];
  /** Where name, tags and image come from. */
  readonly knownFrom: 'DescribeInstances' | 'the event' | 'nothing';
  readonly steps: readonly (LaunchStep & { readonly actionTrailOnly: boolean })[];
  readonly verdict: RuleVerdict;
  /** If no other event tells more; null when it is decided already. */
  readonly atLastCall: RuleVerdict | null;
  /** What else decides over what is done. */
  readonly notes: readonly string[];
}

/**
 * @param described what DescribeInstances tells of instances of the event
 * @throws {LatchkeyError} `bad-request` as `readLaunchEvent`
 * @throws {Error} when an instance is described that the event does not name
 */
export function explainLaunch(
  bytes: Uint8Array,
  policy: Policy,
  described: ReadonlyMap<string, Described>,
): LaunchExplanation {
  const event = readLaunchEvent(bytes);
  if (event.kind === 'ignored') return event;
  if (event.roleName !== null && isOwnRole(policy.ownRoles, event.roleName)) {
    return { kind: 'ignored', why: `"${event.roleName}" is one of Latchkey's own roles` };
  }
  const stranger = [...described.keys()].find((id) => !event.instanceIds.includes(id));
  if (stranger !== undefined) {
    throw new Error(`Cannot explain "${stranger}": the event does not name it`);
  }
  const others = event.instanceIds.filter((id) => !described.has(id));
  const known = [...described.values()].map((one) => ({
    ...one,
    instanceIds: [one.instanceId],
    knownFrom: 'DescribeInstances' as const,
  }));
  const unknown = others.length === 0 ? [] : [{ ...toldBy(event), instanceIds: others }];
  return {
    kind: 'launch',
    source: event.source,
    eventName: event.eventName,
    regionId: event.regionId,
    launchedBy: event.launchedBy,
    instances: [...known, ...unknown].map((one) => explained(event, policy, one)),
  };
}

type Seen = Snapshot & Pick<InstanceExplanation, 'knownFrom'>;

/** A template brings what a launch leaves out, and nobody tells what that is. */
function toldBy({ parameters }: Launched): Seen {
  if (parameters === null) {
    return { name: null, tags: null, imageId: null, knownFrom: 'nothing' };
  }
  const { name, tags, imageId, launchTemplates } = parameters;
  const isWhole = launchTemplates.length === 0;
  return { name, tags: isWhole ? tags : null, imageId, knownFrom: 'the event' };
}

function explained(
  event: Launched,
  policy: Policy,
  { instanceIds, name, tags, imageId, knownFrom }: Seen & { readonly instanceIds: string[] },
): InstanceExplanation {
  const { regionId, accountId, launchedBy, parameters } = event;
  const launchTemplates = parameters?.launchTemplates ?? null;
  const snapshot = { name, tags, imageId };
  const facts = { snapshot, regionId, accountId, launchedBy, launchTemplates };
  const { verdict } = judgeLaunch(policy.launch, facts, false);
  // Beyond the rule that leaves it undecided, too.
  const { steps } = judgeLaunch(policy.launch, facts, true);
  const ofName = new Map(policy.launch.map((rule) => [rule.name, rule]));
  return {
    instanceIds,
    ...snapshot,
    knownFrom,
    steps: steps.map((step) => ({
      ...step,
      actionTrailOnly: needsActionTrail(ofName.get(step.rule)!),
    })),
    verdict,
    atLastCall: lastCall(policy, facts, verdict),
    notes: tags === null ? [] : notesOn(tags, policy),
  };
}

/** Only what ActionTrail tells stays unknown: the instance itself is looked at in any case. */
function lastCall(policy: Policy, facts: LaunchFacts, verdict: RuleVerdict): RuleVerdict | null {
  if (verdict.kind !== 'undecided') return null;
  const { name, tags, imageId } = facts.snapshot;
  const isSeen = name !== null && tags !== null && imageId !== null;
  return isSeen ? judgeLaunch(policy.launch, facts, true).verdict : null;
}

/** https://www.alibabacloud.com/help/doc-detail/25911.htm */
const SCALING_GROUP_TAG = 'acs:autoscaling:scalingGroupId';

function notesOn(tags: Readonly<Record<string, string>>, { optOut }: Policy): string[] {
  const attach = attachOptOut({ tags }, optOut);
  const restart = restartOptOut({ tags }, optOut);
  const notes: string[] = [];
  if (attach !== undefined) notes.push(`tag ${attach}: no key pair is attached`);
  if (restart !== '') {
    notes.push(`tag ${optOut.restart}=${tags[optOut.restart]}: ${RESTARTED[restart]}`);
  }
  if (Object.hasOwn(tags, SCALING_GROUP_TAG)) {
    notes.push('a member of a scaling group: restarted only with "restartScalingMembers"');
  }
  return notes;
}

const RESTARTED = {
  never: 'it is not restarted',
  approve: 'it is not restarted, since nobody approves a launch',
  window: 'it is restarted only inside the restart window, and not at all without one',
};
