import type { Action, ClientRule } from '../../shared/domain/model/policy.ts';
import { ALWAYS } from '../../shared/domain/model/window.ts';
import { parseWebhookSecret, type WebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { KEY_PAIRS } from './fleet.ts';

/** Whoever asks, and whoever presses buttons. */
const ALL = ['asker', 'careful', 'twin', 'operator', 'alias', 'second'] as const;
export type Who = (typeof ALL)[number];

export function isWho(client: string): client is Who {
  return ALL.some((who) => who === client);
}

/** What the policy says of `careful`. */
export const CAREFUL = { who: 'careful', above: 1, approvals: 2 } as const;

/** Whose clients they are: nobody approves their own, through whichever client, and each counts once. */
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

const ACTIONS: readonly Action[] = [
  'ask',
  'see',
  'undo',
  'stop',
  'go',
  'pause',
  'resume',
  'abort',
  'approve',
  'deny',
  'resolve',
];

/** Any will do, as long as each has another one. */
const SECRETS = new Map(
  ALL.map((who, n) => {
    const key = Buffer.alloc(24, n + 1).toString('base64');
    return [who, parseWebhookSecret(`whsec_${key}`)] as const;
  }),
);

export function secretOf(who: Who): WebhookSecret {
  return SECRETS.get(who)!;
}

function ruleFor(id: Who): ClientRule {
  return {
    id,
    person: PERSONS[id],
    secretNames: [],
    actions: ACTIONS,
    keyPairs: KEY_PAIRS,
    tags: {},
    maxInstances: 1_000,
    restart: ['auto', 'never'],
    attach: ['now', 'wave'],
    approval:
      id === CAREFUL.who
        ? {
            always: false,
            aboveInstances: CAREFUL.above,
            tags: {},
            withinSeconds: 3_600,
            approvals: CAREFUL.approvals,
            highRisk: { aboveInstances: null, tags: {} },
          }
        : null,
    schedule: ALWAYS,
    healthGate: null,
    breakGlass: true,
    maxOpenRollouts: 100,
  };
}

/** All may everything. When they may restart is what the rules of the invocation say. */
export const CLIENTS = ALL.map((who) => ({ rule: ruleFor(who), secrets: [secretOf(who)] }));
