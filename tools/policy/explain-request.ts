import type { FieldFault } from '../../shared/domain/model/errors.ts';
import { selectorText } from '../../shared/domain/chat/chat-text.ts';
import { requestFaults } from '../../shared/domain/policy/permission.ts';
import {
  type ApprovalRule,
  type ClientRule,
  type Policy,
} from '../../shared/domain/model/policy.ts';
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

/**
 * @param options.clientId only this client or person; undefined: all
 * @param options.described instances of the request, as DescribeInstances describes them
 * @throws {LatchkeyError} `bad-request` or `not-valid` for a request that the service would refuse too
 * @throws {Error} for a client that is not in the policy
 */
export function explainRequest(
  body: Uint8Array,
  policy: Policy,
  options: {
    readonly clientId: string | undefined;
    readonly described: ReadonlyMap<string, Described>;
    readonly nowMs: number;
  },
): RequestExplanation {
  const { clientId, described, nowMs } = options;
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
  return {
    kind: 'request',
    regionId,
    keyPairName: request.keyPairName,
    faults: policy.revokedKeyPairs
      .filter(({ name, fingerprint }) => name === request.keyPairName && fingerprint === null)
      .map(({ reason }) => ({ path: ['keyPairName'], detail: `revoked: ${reason}` })),
    clients: clients.map((client) => explainedFor(client, request, policy, described, nowMs)),
  };
}

function explainedFor(
  client: ClientRule,
  request: RolloutRequest,
  policy: Policy,
  described: ReadonlyMap<string, Described>,
  nowMs: number,
): ClientExplanation {
  return {
    client: client.id,
    is: client.person === client.id ? 'person' : 'client',
    faults: client.actions.includes('ask')
      ? [...requestFaults(client, request), ...tagFaults(client, request, described)]
      : [{ path: [], detail: 'it may not ask' }],
    conditions: conditionsFor(client, request, policy, described),
    approval: approvalFor(client, request, described),
    restarts: restartsFor(client, request, nowMs),
    healthGate: request.restart === 'never' ? null : (client.healthGate?.url ?? null),
  };
}

function tagFaults(
  client: ClientRule,
  request: RolloutRequest,
  described: ReadonlyMap<string, Described>,
): FieldFault[] {
  return request.instanceIds.flatMap((id, index) => {
    const instance = described.get(id);
    if (instance === undefined || hasTags(instance, client.tags)) return [];
    const detail = `"${id}" does not have ${inWords(client.tags)}`;
    return [{ path: ['instanceIds', index], detail }];
  });
}

function conditionsFor(
  client: ClientRule,
  request: RolloutRequest,
  policy: Policy,
  described: ReadonlyMap<string, Described>,
): string[] {
  const fingerprints = client.keyPairs
    .filter(({ name }) => name === request.keyPairName)
    .map(({ fingerprint }) => fingerprint);
  const areAllSeen =
    request.selector === null && request.instanceIds.every((id) => described.has(id));
  const revoked = policy.revokedKeyPairs.filter(({ name }) => name === request.keyPairName);
  return [
    ...(fingerprints.length === 0
      ? []
      : [`the key pair has fingerprint ${fingerprints.join(' or ')}`]),
    ...revoked.flatMap(({ fingerprint }) =>
      fingerprint === null ? [] : [`the key pair does not have ${fingerprint}, which is revoked`],
    ),
    ...(areAllSeen || Object.keys(client.tags).length === 0
      ? []
      : [`every instance has ${inWords(client.tags)}`]),
    ...(request.selector === null
      ? []
      : [
          `the selector (${selectorText(request.selector)}) finds at most ${client.maxInstances} instances`,
        ]),
    `fewer than ${client.maxOpenRollouts} of its rollouts are open`,
  ];
}

function approvalFor(
  { approval }: ClientRule,
  request: RolloutRequest,
  described: ReadonlyMap<string, Described>,
): Approval {
  if (request.breakGlass !== null) {
    return { needed: 'no', why: ['break glass: every channel is told'], approvals: 0 };
  }
  const sure = request.approveWithinSeconds === null ? [] : ['the request asks for one'];
  const perhaps: string[] = [];
  const risks: string[] = [];
  if (approval !== null) {
    if (approval.always) sure.push('always');
    perhaps.push(...matches(approval, request, described));
    for (const risk of matches(approval.highRisk, request, described)) {
      risks.push(`${risk} (high risk: an approval in a chat is not enough)`);
    }
  }
  perhaps.push('an instance to restart has a tag that asks for one');
  const approvals = approval?.approvals ?? 1;
  if (sure.length > 0) return { needed: 'yes', why: [...sure, ...risks], approvals };
  return { needed: 'perhaps', why: [...perhaps, ...risks], approvals };
}

function matches(
  { aboveInstances, tags }: Pick<ApprovalRule, 'aboveInstances' | 'tags'>,
  request: RolloutRequest,
  described: ReadonlyMap<string, Described>,
): string[] {
  const found: string[] = [];
  if (aboveInstances !== null && mayExceed(request, aboveInstances)) {
    found.push(`more than ${aboveInstances} instances are attached or restarted`);
  }
  if (Object.keys(tags).length === 0) return found;
  const tagged = request.instanceIds.filter((id) => {
    const instance = described.get(id);
    return instance === undefined || hasTags(instance, tags);
  });
  if (request.selector !== null || tagged.length > 0) {
    found.push(`an instance to attach or restart has ${inWords(tags)}`);
  }
  return found;
}

function mayExceed({ selector, instanceIds }: RolloutRequest, limit: number): boolean {
  return selector !== null || instanceIds.length > limit;
}

function restartsFor({ schedule }: ClientRule, request: RolloutRequest, nowMs: number): string {
  if (request.restart === 'never') return 'nothing is restarted';
  if (request.breakGlass !== null) return 'at once: break glass';
  const permission = restartPermission(schedule, nowMs);
  switch (permission.kind) {
    case 'open':
      return schedule.window === null ? 'at once' : 'at once: the window is open';
    case 'closed': {
      const { why, detail, untilMs } = permission;
      return `not before ${new Date(untilMs).toISOString()}: ${why} (${detail})`;
    }
  }
}

export function inWords(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
