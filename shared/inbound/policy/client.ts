import * as v from 'valibot';
import type { ClientRule } from '../../domain/policy.ts';
import { MAX_INSTANCES } from '../../domain/request.ts';
import type { Schedule } from '../../domain/window.ts';
import { KeyPairNameText } from '../names.ts';
import { onlyThese } from '../parse.ts';
import { Freeze, Window } from './schedule.ts';
import { eachOnce, FingerprintText, NameText, SecretNameText, Tags, wholeNumber } from './texts.ts';
import { HealthGate } from './told.ts';

/** As for `approveWithinSeconds` of a request: 7 days that a message can be delayed; our own choice. */
const APPROVAL_SECONDS = { min: 60, max: 604_800, usual: 86_400 };
/** Both our own choice. */
const OPEN_ROLLOUTS = { max: 1_000, usual: 10 };

const ACTIONS = [
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
] as const satisfies readonly ClientRule['actions'][number][];

const Approval = onlyThese(
  {
    always: v.optional(v.boolean(), false),
    aboveInstances: v.optional(wholeNumber(0, MAX_INSTANCES)),
    tags: v.optional(Tags, {}),
    withinSeconds: v.optional(
      wholeNumber(APPROVAL_SECONDS.min, APPROVAL_SECONDS.max),
      APPROVAL_SECONDS.usual,
    ),
  },
  'an approval',
);

/** What a client does not list it may not: no default permits anything. */
export const Client = onlyThese(
  {
    id: NameText,
    secretNames: eachOnce(SecretNameText, 'a variable'),
    actions: eachOnce(v.picklist(ACTIONS), 'an action'),
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
              'must have a tag: leave "instances" out for a client that may touch any',
            ),
          ),
        },
        'the instances of a client',
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
  },
  'a client',
);

export type ClientEntry = v.InferOutput<typeof Client>;

/** @param everybody what holds for a client without a window or a gate of its own */
export function clientRuleOf(
  entry: ClientEntry,
  everybody: {
    readonly schedule: Schedule;
    readonly healthGate: ClientRule['healthGate'];
  },
): ClientRule {
  const { id, secretNames, actions, approval, restartWindow } = entry;
  return {
    id,
    secretNames,
    actions,
    keyPairs: entry.keyPairs ?? [],
    tags: entry.instances?.tags ?? {},
    maxInstances: entry.maxInstances ?? 0,
    restart: entry.restart ?? [],
    attach: entry.attach ?? [],
    approval:
      approval === undefined
        ? null
        : { ...approval, aboveInstances: approval.aboveInstances ?? null },
    schedule: {
      window: restartWindow ?? everybody.schedule.window,
      freezes: [...everybody.schedule.freezes, ...entry.freezes],
    },
    healthGate: entry.healthGate ?? everybody.healthGate,
    breakGlass: entry.breakGlass,
    maxOpenRollouts: entry.maxOpenRollouts,
  };
}
