import type { FieldFault } from '../model/errors.ts';
import type { InstanceId, KeyPair, Snapshot } from '../model/instance.ts';
import { nounOf } from './people.ts';
import type { Plan } from '../model/plan.ts';
import { type ApprovalRule, type ClientRule, type RevokedKeyPair } from '../model/policy.ts';
import { hasTags } from './has-tags.ts';
import type { RolloutRequest } from '../model/request.ts';
import type { RolloutInstance } from '../model/rollout.ts';

type Snapshots = ReadonlyMap<InstanceId, Snapshot>;
type Planned = Pick<Plan, 'instances'>;

/** How long an approval may take that only a tag asks for: our own choice. */
const DEFAULT_APPROVAL_SECONDS = 86_400;

/**
 * What the client may not ask for, as far as the request alone says it: nothing has to be looked up.
 *
 * @param client null: no client's limits apply, as for a launch rule
 * @returns every fault; none when it may
 */
export function requestFaults(client: ClientRule | null, request: RolloutRequest): FieldFault[] {
  if (client === null) return [];
  const { keyPairName } = request;
  const terms = termFaults(client, request);
  if (client.keyPairs.some(({ name }) => name === keyPairName)) return terms;
  const detail = `${nounOf(client)} may not attach key pair "${keyPairName}"`;
  return [{ path: ['keyPairName'], detail }, ...terms];
}

/** As `requestFaults`, of everything but the key pair. */
export function termFaults(client: ClientRule | null, request: RolloutRequest): FieldFault[] {
  if (client === null) return [];
  const { restart, attach, instanceIds, breakGlass } = request;
  const faults: FieldFault[] = [];
  const refuse = (field: string, detail: string) =>
    faults.push({ path: pathIn(request, [field]), detail });
  if (!client.restart.includes(restart)) {
    refuse('restart', `${nounOf(client)} may not ask for "restart": "${restart}"`);
  }
  if (!client.attach.includes(attach)) {
    refuse('attach', `${nounOf(client)} may not ask for "attach": "${attach}"`);
  }
  if (instanceIds.length > client.maxInstances) {
    refuse('instanceIds', tooMany(client, instanceIds.length));
  }
  if (breakGlass !== null && !client.breakGlass) {
    faults.push({ path: ['breakGlass'], detail: `${nounOf(client)} may not break the glass` });
  }
  return faults;
}

/** The key pair as ECS has it now: a recreated one of the same name is another. */
export function keyPairFaults(client: ClientRule | null, keyPair: KeyPair): FieldFault[] {
  if (client === null || mayBind(client, keyPair)) return [];
  const detail = `key pair "${keyPair.name}" has the fingerprint ${keyPair.fingerprint} now: ${nounOf(client)} may not attach it`;
  return [{ path: ['keyPairName'], detail }];
}

/** Whether the client may bind exactly this key pair. */
export function mayBind(client: ClientRule | null, keyPair: KeyPair): boolean {
  return client === null || client.keyPairs.some((one) => isSameKeyPair(one, keyPair));
}

export function isSameKeyPair(one: KeyPair, other: KeyPair): boolean {
  return one.name === other.name && one.fingerprint === other.fingerprint;
}

/** The revocation that covers this key pair; undefined when none does. */
export function revocationOf(
  revoked: readonly RevokedKeyPair[],
  keyPair: KeyPair,
): RevokedKeyPair | undefined {
  return revoked.find(
    ({ name, fingerprint }) =>
      name === keyPair.name && (fingerprint === null || fingerprint === keyPair.fingerprint),
  );
}

/**
 * What the client may not ask for once the instances are known: one that lacks its tags, whatever
 * would be done to it, and too many. One that does not exist is nobody's.
 */
export function planFaults(
  client: ClientRule | null,
  request: RolloutRequest,
  { instances }: Planned,
  snapshots: Snapshots,
): FieldFault[] {
  if (client === null) return [];
  const faults: FieldFault[] = [];
  const field = request.selector === null ? 'instanceIds' : 'selector';
  for (const [index, { instanceId }] of instances.entries()) {
    const snapshot = snapshots.get(instanceId);
    if (snapshot === undefined || hasTags(snapshot, client.tags)) continue;
    const path = request.selector === null ? [field, index] : [field];
    const detail = `"${instanceId}" does not carry the tags that ${nounOf(client)} may touch`;
    faults.push({ path: pathIn(request, path), detail });
  }
  if (instances.length > client.maxInstances) {
    faults.push({ path: pathIn(request, [field]), detail: tooMany(client, instances.length) });
  }
  return faults;
}

function tooMany(client: ClientRule, count: number): string {
  return `${nounOf(client)} may not ask for ${count} instances: the limit is ${client.maxInstances}`;
}

/** An undo takes all of it from the rollout that it names. */
function pathIn({ undoes }: RolloutRequest, path: FieldFault['path']): FieldFault['path'] {
  return undoes === null ? path : ['rolloutId'];
}

export interface ApprovalNeed {
  /** For people: each of the reasons. */
  readonly why: string;
  readonly withinSeconds: number;
  /** How many people have to approve. */
  readonly needed: number;
  /** No chat is enough for it. */
  readonly isHighRisk: boolean;
}

/**
 * Whether somebody has to approve before anything is done, and why. Nobody approves a launch, nor
 * what is asked for by breaking the glass, nor that nothing is done.
 */
export function approvalNeed(
  client: ClientRule | null,
  request: RolloutRequest,
  { instances }: Planned,
  snapshots: Snapshots,
): ApprovalNeed | null {
  const touched = instances.filter(isTouched);
  if (request.breakGlass !== null || request.launch !== null || touched.length === 0) return null;
  const { ofRule, ofRisk } = reasonsOf(client, touched, snapshots);
  const askedFor = request.approveWithinSeconds === null ? [] : ['asked for'];
  const reasons = [...askedFor, ...ofRule, ...ofRisk];
  const byTag = touched.filter(
    ({ optOut, restart }) => optOut === 'approve' && restart.kind === 'due',
  );
  if (byTag.length > 0) reasons.push(`${byTag.length} ask for it by their own tag`);
  if (reasons.length === 0) return null;
  const limit = client?.approval?.withinSeconds ?? DEFAULT_APPROVAL_SECONDS;
  const { approveWithinSeconds } = request;
  // Whoever asks may shorten it, but what the policy gives is all there is.
  const isOnlyAskedFor = reasons.length === 1 && approveWithinSeconds !== null;
  const withinSeconds = isOnlyAskedFor
    ? approveWithinSeconds
    : Math.min(approveWithinSeconds ?? limit, limit);
  const isByRule = ofRule.length + ofRisk.length > 0;
  return {
    why: reasons.join('; '),
    withinSeconds,
    needed: isByRule ? (client?.approval?.approvals ?? 1) : 1,
    isHighRisk: ofRisk.length > 0,
  };
}

function reasonsOf(
  client: ClientRule | null,
  touched: readonly RolloutInstance[],
  snapshots: Snapshots,
) {
  if (client === null || client.approval === null) return { ofRule: [], ofRisk: [] };
  const { always, highRisk } = client.approval;
  const matches = matchesOf(client.approval, touched, snapshots);
  const risks = matchesOf(highRisk, touched, snapshots);
  return {
    ofRule: always ? [`${nounOf(client)} always needs one`, ...matches] : matches,
    ofRisk: risks.map((reason) => `high risk: ${reason}`),
  };
}

/** Too many instances, or instances of a certain kind. */
function matchesOf(
  { aboveInstances, tags }: Pick<ApprovalRule, 'aboveInstances' | 'tags'>,
  touched: readonly RolloutInstance[],
  snapshots: Snapshots,
): string[] {
  const reasons: string[] = [];
  if (aboveInstances !== null && touched.length > aboveInstances) {
    reasons.push(`${touched.length} instances, more than ${aboveInstances}`);
  }
  const tagged =
    Object.keys(tags).length === 0
      ? []
      : touched.filter(({ instanceId }) => {
          const snapshot = snapshots.get(instanceId);
          return snapshot !== undefined && hasTags(snapshot, tags);
        });
  if (tagged.length > 0) reasons.push(`${tagged.length} with ${inWords(tags)}`);
  return reasons;
}

/** Is attached, or restarted, or both. */
export function isTouched({ attach, restart }: RolloutInstance): boolean {
  return attach.kind !== 'skipped' || restart.kind !== 'none';
}

function inWords(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
