import * as v from 'valibot';
import { LIMITS } from '../contract/requests/rollout-request.ts';
import { wholeNumber } from '../contract/requests/texts.ts';
import type { ApprovalRule, ClientRule } from '../domain/model/policy.ts';
import { MAX_INSTANCES } from '../domain/model/request.ts';
import type { Schedule } from '../domain/model/window.ts';
import { KeyPairNameText } from '../contract/names.ts';
import { onlyThese } from '../contract/parse.ts';
import { Freeze, Window } from './schedule.ts';
import { eachOnce, FingerprintText, Tags } from './fields.ts';
import { HealthGate } from './webhooks.ts';

/** All our own choices. */
const APPROVAL_SECONDS = 86_400;
const OPEN_ROLLOUTS = { max: 1_000, default: 10 };
const MAX_APPROVALS = 10;

/** The size of a rollout, and its instances. */
const EXTENT = {
  aboveInstances: v.optional(wholeNumber(0, MAX_INSTANCES)),
  tags: v.optional(Tags, {}),
};

const Approval = onlyThese(
  {
    always: v.optional(v.boolean(), false),
    ...EXTENT,
    withinSeconds: v.optional(wholeNumber(...LIMITS.approveWithinSeconds), APPROVAL_SECONDS),
    approvals: v.optional(wholeNumber(1, MAX_APPROVALS), 1),
    highRisk: v.optional(onlyThese(EXTENT, 'what is high risk')),
  },
  'an approval',
);

/** What a client or a person is permitted. Whatever is left out is not permitted: no default permits anything. */
export const GRANTS = {
  keyPairs: v.optional(
    eachOnce(
      onlyThese({ name: KeyPairNameText, fingerprint: FingerprintText }, 'a key pair'),
      'a key pair',
    ),
  ),
  instances: v.optional(
    onlyThese(
      {
        tags: v.pipe(
          Tags,
          v.check(
            (tags) => Object.keys(tags).length > 0,
            'must have a tag: leave "instances" out to permit all instances',
          ),
        ),
      },
      'the instances',
    ),
  ),
  maxInstances: v.optional(wholeNumber(1, MAX_INSTANCES)),
  restart: v.optional(eachOnce(v.picklist(['auto', 'never']), 'a mode')),
  attach: v.optional(eachOnce(v.picklist(['now', 'wave']), 'a mode')),
  approval: v.optional(Approval),
  restartWindow: v.optional(Window),
  freezes: v.optional(v.array(Freeze), []),
  healthGate: v.optional(HealthGate),
  breakGlass: v.optional(v.boolean(), false),
  maxOpenRollouts: v.optional(wholeNumber(1, OPEN_ROLLOUTS.max), OPEN_ROLLOUTS.default),
} as const;

const Grants = onlyThese(GRANTS, 'the grants');
export type Grants = v.InferOutput<typeof Grants>;

/** For clients and people without a window or health gate of their own. The freezes apply to defaults. */
export interface Defaults {
  readonly schedule: Schedule;
  readonly healthGate: ClientRule['healthGate'];
}

export function grantsOf(
  entry: Grants,
  defaults: Defaults,
): Omit<ClientRule, 'id' | 'person' | 'secretNames' | 'actions'> {
  const { approval, restartWindow } = entry;
  return {
    keyPairs: entry.keyPairs ?? [],
    tags: entry.instances?.tags ?? {},
    maxInstances: entry.maxInstances ?? 0,
    restart: entry.restart ?? [],
    attach: entry.attach ?? [],
    approval: approval === undefined ? null : approvalRuleOf(approval),
    schedule: {
      window: restartWindow ?? defaults.schedule.window,
      freezes: [...defaults.schedule.freezes, ...entry.freezes],
    },
    healthGate: entry.healthGate ?? defaults.healthGate,
    breakGlass: entry.breakGlass,
    maxOpenRollouts: entry.maxOpenRollouts,
  };
}

function approvalRuleOf(entry: v.InferOutput<typeof Approval>): ApprovalRule {
  const { highRisk } = entry;
  return {
    ...entry,
    aboveInstances: entry.aboveInstances ?? null,
    highRisk: {
      aboveInstances: highRisk?.aboveInstances ?? null,
      tags: highRisk?.tags ?? {},
    },
  };
}
