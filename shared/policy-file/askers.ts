import * as v from 'valibot';
import type { Action, ClientRule, Person } from '../domain/model/policy.ts';
import { onlyThese } from '../contract/parse.ts';
import { ChatIdText, eachOnce, NameText, PlatformName, SecretNameText } from './fields.ts';
import { type Defaults, GRANTS, grantsOf } from './grants.ts';

const PERSON_ACTIONS = [
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
] as const satisfies readonly Action[];

/** `resolve` names single instances, and no chat has a command for that. */
const CLIENT_ACTIONS = [...PERSON_ACTIONS, 'resolve'] as const satisfies readonly Action[];

/** Whoever sends requests to the webhook. */
export const Client = onlyThese(
  {
    id: NameText,
    person: v.optional(NameText),
    secretNames: eachOnce(SecretNameText, 'a variable'),
    actions: eachOnce(v.picklist(CLIENT_ACTIONS), 'an action'),
    ...GRANTS,
  },
  'a client',
);

const Account = onlyThese(
  { platform: PlatformName, tenant: ChatIdText, user: ChatIdText },
  'an account',
);

/** Whoever writes in a chat. */
export const PersonFields = onlyThese(
  {
    id: NameText,
    accounts: eachOnce(Account, 'an account'),
    actions: eachOnce(v.picklist(PERSON_ACTIONS), 'an action'),
    ...GRANTS,
  },
  'a person',
);

type ClientEntry = v.InferOutput<typeof Client>;
type PersonEntry = v.InferOutput<typeof PersonFields>;

export function clientRuleOf(entry: ClientEntry, defaults: Defaults): ClientRule {
  const { id, person = null, secretNames, actions } = entry;
  return { id, person, secretNames, actions, ...grantsOf(entry, defaults) };
}

export function personOf(entry: PersonEntry, defaults: Defaults): Person {
  const { id, accounts, actions } = entry;
  const rule = { id, person: id, secretNames: [], actions, ...grantsOf(entry, defaults) };
  return { id, accounts, rule };
}
