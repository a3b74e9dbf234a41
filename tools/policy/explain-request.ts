import type { FieldFault } from '../../shared/domain/model/errors.ts';
import { selectorText } from '../../shared/domain/chat/chat-text.ts';
import { requestFaults } from '../../shared/domain/policy/permission.ts';
import type { ApprovalRule, ClientRule, Policy } from '../../shared/domain/model/policy.ts';
import { hasTags } from '../../shared/domain/policy/has-tags.ts';
import type { RolloutRequest } from '../../shared/domain/model/request.ts';
import { restartPermission } from '../../shared/domain/model/window.ts';
import { fieldsOf, textOf } from '../../shared/lib/json-fields.ts';
import { jsonOf } from '../../shared/contract/parse.ts';
import { parseRolloutRequest } from '../../shared/contract/requests/rollout-request.ts';
import type { Described } from './described.ts';

/** What the policy says about one request, for each client and each person. */
export interface RequestExplanation {
  readonly kind: 'request';
  readonly regionId: string;
  readonly keyPairName: string;
  /** Faults for every client and person. */
  readonly faults: readonly FieldFault[];
  readonly clients: readonly ClientExplanation[];
}

export interface ClientExplanation {
  readonly client: string;
  /** A client asks through the webhook, a person in a chat. */
  readonly is: 'client' | 'person';
  /** Why this request is forbidden; [] when it is permitted, as far as can be known here. */
  readonly faults: readonly FieldFault[];
  /** Conditions that only the service can check. They must hold too. */
  readonly conditions: readonly string[];
  readonly approval: Approval;
  /** When instances would be restarted. */
  readonly restarts: string;
  /** The gate that is asked before each wave; null: none. */
  readonly healthGate: string | null;
}

export interface Approval {
  readonly needed: 'yes' | 'no' | 'perhaps';
  readonly why: readonly string[];
  /** How many people must approve, at most. */
  readonly approvals: number;
}

/** What is explained, and by what. */
interface Asked {
  readonly request: RolloutRequest;
  readonly policy: Policy;
  /** Instances of the request, as DescribeInstances describes them. */
  readonly described: ReadonlyMap<string, Described>;
  readonly nowMs: number;
}

/**
 * @param options.clientId only this client or person; undefined: all
 * @throws {LatchkeyError} `bad-request` or `not-valid` for a request that the service would refuse too
 * @throws {Error} for a client that is not in the policy
 */
export function explainRequest(
  body: Uint8Array,
  policy: Policy,
  options: Pick<Asked, 'described' | 'nowMs'> & { readonly clientId: string | undefined },
): RequestExplanation {
  const { clientId } = options;
  // The service refuses every region but its own. Its region is not known here.
  const regionId = textOf(fieldsOf(jsonOf(body, 'the request'))['regionId']) ?? '';
  const request = parseRolloutRequest(body, { regionId });
  const all = [...policy.clients, ...policy.people.map(({ rule }) => rule)];
  const clients = all.filter(({ id }) => clientId === undefined || id === clientId);
  if (clientId !== undefined && clients.length === 0) {
    throw new Error(
      `Cannot explain for client "${clientId}": the policy has no such client or person`,
    );
  }
  const asked = { ...options, request, policy };
  return {
    kind: 'request',
    regionId,
    keyPairName: request.keyPairName,
    faults: revokedIn(asked)
      .filter(({ fingerprint }) => fingerprint === null)
      .map(({ reason }) => ({ path: ['keyPairName'], detail: `revoked: ${reason}` })),
    clients: clients.map((client) => explainedFor(client, asked)),
  };
}

const revokedIn = ({ policy, request }: Asked) =>
  policy.revokedKeyPairs.filter(({ name }) => name === request.keyPairName);

function explainedFor(client: ClientRule, asked: Asked): ClientExplanation {
  const { request } = asked;
  return {
    client: client.id,
    is: client.person === client.id ? 'person' : 'client',
    faults: client.actions.includes('ask')
      ? [...requestFaults(client, request), ...tagFaults(client, asked)]
      : [{ path: [], detail: 'it may not ask' }],
    conditions: conditionsFor(client, asked),
    approval: approvalFor(client, asked),
    restarts: restartsFor(client, asked),
    healthGate: request.restart === 'never' ? null : (client.healthGate?.url ?? null),
  };
}

function tagFaults({ tags }: ClientRule, { request, described }: Asked): FieldFault[] {
  return request.instanceIds.flatMap((id, index) => {
    const instance = described.get(id);
    if (instance === undefined || hasTags(instance, tags)) return [];
    const detail = `"${id}" does not have ${inWords(tags)}`;
    return [{ path: ['instanceIds', index], detail }];
  });
}

function conditionsFor(client: ClientRule, asked: Asked): string[] {
  const { selector, instanceIds, keyPairName } = asked.request;
  const { tags, maxInstances, maxOpenRollouts } = client;
  const keyPairs = client.keyPairs.filter(({ name }) => name === keyPairName);
  const fingerprints = keyPairs.map(({ fingerprint }) => fingerprint).join(' or ');
  const areAllSeen = selector === null && instanceIds.every((id) => asked.described.has(id));
  return [
    fingerprints && `the key pair has fingerprint ${fingerprints}`,
    ...revokedIn(asked).map(
      ({ fingerprint }) =>
        fingerprint && `the key pair does not have ${fingerprint}, which is revoked`,
    ),
    !areAllSeen && Object.keys(tags).length > 0 && `every instance has ${inWords(tags)}`,
    selector !== null &&
      `the selector (${selectorText(selector)}) finds at most ${maxInstances} instances`,
    `fewer than ${maxOpenRollouts} of its rollouts are open`,
  ].filter((one): one is string => typeof one === 'string' && one !== '');
}

function approvalFor({ approval }: ClientRule, asked: Asked): Approval {
  const { breakGlass, approveWithinSeconds } = asked.request;
  if (breakGlass !== null) {
    return { needed: 'no', why: ['break glass: every channel is told'], approvals: 0 };
  }
  const sure = approveWithinSeconds === null ? [] : ['the request asks for one'];
  if (approval?.always) sure.push('always');
  const perhaps = approval === null ? [] : matches(approval, asked);
  perhaps.push('an instance to restart has a tag that asks for one');
  const risks = approval === null ? [] : matches(approval.highRisk, asked);
  const highRisks = risks.map((risk) => `${risk} (high risk: an approval in a chat is not enough)`);
  const approvals = approval?.approvals ?? 1;
  return sure.length > 0
    ? { needed: 'yes', why: [...sure, ...highRisks], approvals }
    : { needed: 'perhaps', why: [...perhaps, ...highRisks], approvals };
}

function matches(
  { aboveInstances, tags }: Pick<ApprovalRule, 'aboveInstances' | 'tags'>,
  { request: { selector, instanceIds }, described }: Asked,
): string[] {
  const found: string[] = [];
  if (aboveInstances !== null && (selector !== null || instanceIds.length > aboveInstances)) {
    found.push(`more than ${aboveInstances} instances are attached or restarted`);
  }
  if (Object.keys(tags).length === 0) return found;
  const mayHaveTags = instanceIds.some((id) => {
    const instance = described.get(id);
    return instance === undefined || hasTags(instance, tags);
  });
  if (selector !== null || mayHaveTags) {
    found.push(`an instance to attach or restart has ${inWords(tags)}`);
  }
  return found;
}

function restartsFor({ schedule }: ClientRule, { request, nowMs }: Asked): string {
  if (request.restart === 'never') return 'nothing is restarted';
  if (request.breakGlass !== null) return 'at once: break glass';
  const permission = restartPermission(schedule, nowMs);
  if (permission.kind === 'open') {
    return schedule.window === null ? 'at once' : 'at once: the window is open';
  }
  const { why, detail, untilMs } = permission;
  return `not before ${new Date(untilMs).toISOString()}: ${why} (${detail})`;
}

export function inWords(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
