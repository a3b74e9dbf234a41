import * as v from 'valibot';
import { LIMITS } from '../contract/requests/rollout-request.ts';
import { wholeNumber } from '../contract/requests/texts.ts';
import type { ApprovalRule, ClientRule } from '../domain/model/policy.ts';
import { MAX_INSTANCES } from '../domain/model/request.ts';
import type { Schedule } from '../domain/model/window.ts';
import { KeyPairNameText } from '../contract/names.ts';
import { onlyThese } from '../contract/parse.ts';
import { Freeze, Window } from './schedule.ts';
import { eachOnce, FingerprintText, Tags } from './texts.ts';
import { HealthGate } from './told.ts';

/** All our own choices. */
const APPROVAL_SECONDS = 86_400;
const OPEN_ROLLOUTS = { max: 1_000, usual: 10 };
const MAX_APPROVALS = 10;

const HighRisk = onlyThese(
  {
    aboveInstances: v.optional(wholeNumber(0, MAX_INSTANCES)),
    tags: v.optional(Tags, {}),
  },
  'what is high risk',
);

const Approval = onlyThese(
  {
    always: v.optional(v.boolean(), false),
    aboveInstances: v.optional(wholeNumber(0, MAX_INSTANCES)),
    tags: v.optional(Tags, {}),
    withinSeconds: v.optional(wholeNumber(...LIMITS.approveWithinSeconds), APPROVAL_SECONDS),
    approvals: v.optional(wholeNumber(1, MAX_APPROVALS), 1),
    highRisk: v.optional(HighRisk),
  },
  'an approval',
);

/** What a client or a person may ask for. What is not listed they may not: no default permits anything. */
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
            'must have a tag: leave "instances" out for whoever may touch any',
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
  maxOpenRollouts: v.optional(wholeNumber(1, OPEN_ROLLOUTS.max), OPEN_ROLLOUTS.usual),
} as const;

const Grants = onlyThese(GRANTS, 'what somebody may');
export type Grants = v.InferOutput<typeof Grants>;

/** What holds for those without a window or a gate of their own. */
export interface Everybody {
  readonly schedule: Schedule;
  readonly healthGate: ClientRule['healthGate'];
}

export function limitsOf(
  entry: Grants,
  everybody: Everybody,
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
      window: restartWindow ?? everybody.schedule.window,
      freezes: [...everybody.schedule.freezes, ...entry.freezes],
    },
    healthGate: entry.healthGate ?? everybody.healthGate,
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
