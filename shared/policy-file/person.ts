import * as v from 'valibot';
import type { Action, Person } from '../domain/model/policy.ts';
import { onlyThese } from '../contract/parse.ts';
import { type Everybody, GRANTS, limitsOf } from './grants.ts';
import { ChatIdText, eachOnce, NameText, PlatformName } from './texts.ts';

/** What there is a word for in a chat. `resolve` names instances one by one: it has none. */
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
] as const satisfies readonly Action[];

const Account = onlyThese(
  { platform: PlatformName, tenant: ChatIdText, user: ChatIdText },
  'an account',
);

/** What a person does not list they may not: no default permits anything. */
export const PersonFields = onlyThese(
  {
    id: NameText,
    accounts: eachOnce(Account, 'an account'),
    actions: eachOnce(v.picklist(ACTIONS), 'an action'),
    ...GRANTS,
  },
  'a person',
);

export type PersonEntry = v.InferOutput<typeof PersonFields>;

export function personOf(entry: PersonEntry, everybody: Everybody): Person {
  const { id, accounts, actions } = entry;
  const rule = { id, person: id, secretNames: [], actions, ...limitsOf(entry, everybody) };
  return { id, accounts, rule };
}
