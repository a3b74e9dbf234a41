import * as v from 'valibot';
import type { ClientRule } from '../domain/model/policy.ts';
import { onlyThese } from '../contract/parse.ts';
import { type Everybody, GRANTS, limitsOf } from './grants.ts';
import { eachOnce, NameText, SecretNameText } from './texts.ts';

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

/** What a client does not list it may not: no default permits anything. */
export const Client = onlyThese(
  {
    id: NameText,
    person: v.optional(NameText),
    secretNames: eachOnce(SecretNameText, 'a variable'),
    actions: eachOnce(v.picklist(ACTIONS), 'an action'),
    ...GRANTS,
  },
  'a client',
);

export type ClientEntry = v.InferOutput<typeof Client>;

export function clientRuleOf(entry: ClientEntry, everybody: Everybody): ClientRule {
  const { id, person = null, secretNames, actions } = entry;
  return { id, person, secretNames, actions, ...limitsOf(entry, everybody) };
}
