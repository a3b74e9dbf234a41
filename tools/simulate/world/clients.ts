import type { ApprovalRule } from '../../../shared/domain/model/policy.ts';
import { parseWebhookSecret } from '../../../shared/contract/webhook-secret.ts';
import { aClient, anApprovalRule } from '../../../test/models/builders.ts';
import { KEY_PAIRS } from './fleet.ts';

/** Everybody who asks for rollouts or presses buttons. */
const ALL = ['asker', 'careful', 'twin', 'operator', 'alias', 'second'] as const;
export type Who = (typeof ALL)[number];

export function isWho(client: string): client is Who {
  return ALL.some((who) => who === client);
}

/** The policy asks `careful` for this many approvals above this many instances. */
export const CAREFUL = { who: 'careful', above: 1, approvals: 2 } as const;

/** The person of each client. A person never approves their own request, and counts once. */
const PERSONS: Readonly<Record<Who, string | null>> = {
  asker: 'ann',
  careful: 'ann',
  twin: 'ann',
  operator: 'olga',
  alias: 'olga',
  second: null,
};

export function humanOf(who: Who): string {
  return PERSONS[who] ?? who;
}

/** Any secrets will do, as long as they differ. */
const SECRETS = new Map(
  ALL.map((who, n) => [who, `whsec_${Buffer.alloc(24, n + 1).toString('base64')}`] as const),
);

export function secretOf(who: Who): string {
  return SECRETS.get(who)!;
}

/** Everybody may do everything. When restarts are allowed, the rules of the invocation say. */
export const CLIENTS = ALL.map((id) => ({
  rule: aClient({ id, person: PERSONS[id], keyPairs: KEY_PAIRS, approval: approvalFor(id) }),
  secrets: [parseWebhookSecret(secretOf(id))],
}));

function approvalFor(id: Who): ApprovalRule | null {
  if (id !== CAREFUL.who) return null;
  const { above, approvals } = CAREFUL;
  return anApprovalRule({
    always: false,
    aboveInstances: above,
    withinSeconds: 3_600,
    approvals,
  });
}
