import type { Action, ClientRule } from '../../shared/domain/policy.ts';
import { ALWAYS } from '../../shared/domain/window.ts';
import { parseWebhookSecret, type WebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { KEY_PAIRS } from './fleet.ts';

/** Whoever asks, and whoever presses buttons: nobody approves what is its own. */
export type Who = 'asker' | 'operator';

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

/** Any will do. */
const SECRETS: Readonly<Record<Who, WebhookSecret>> = {
  asker: parseWebhookSecret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'),
  operator: parseWebhookSecret('whsec_b3BlcmF0b3Itb3BlcmF0b3Itb3BlcmF0b3I='),
};

export function secretOf(who: Who): WebhookSecret {
  return SECRETS[who];
}

function ruleFor(id: Who): ClientRule {
  return {
    id,
    secretNames: [],
    actions: ACTIONS,
    keyPairs: KEY_PAIRS,
    tags: {},
    maxInstances: 1_000,
    restart: ['auto', 'never'],
    attach: ['now', 'wave'],
    approval: null,
    schedule: ALWAYS,
    healthGate: null,
    breakGlass: true,
    maxOpenRollouts: 100,
  };
}

/** Both may everything. When they may restart is what the rules of the invocation say. */
export const CLIENTS = (['asker', 'operator'] as const).map((who) => ({
  rule: ruleFor(who),
  secrets: [SECRETS[who]],
}));
