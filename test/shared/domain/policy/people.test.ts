import { describe, test } from 'vitest';
import {
  askerOf,
  isAsker,
  nounOf,
  personBehind,
  personWith,
  ruleOfAsker,
} from '../../../../shared/domain/policy/people.ts';
import { aClient, anOrigin, aPolicy } from '../../../models/builders.ts';
import { aPerson, aPlace } from '../../../support/chat-builders.ts';

const IN_SLACK = { platform: 'slack', tenant: 'T0001', user: 'U0001' } as const;
const IN_FEISHU = { platform: 'feishu', tenant: 'tenant0001', user: 'ou_0001' } as const;

const ALICE = aPerson({ id: 'alice', accounts: [IN_SLACK, IN_FEISHU] });
const BOB = aPerson({ id: 'bob', accounts: [{ ...IN_SLACK, user: 'U0002' }] });
const POLICY = aPolicy({
  clients: [aClient({ id: 'ci' }), aClient({ id: 'hers', person: 'alice' })],
  people: [ALICE, BOB],
});

describe('an account', () => {
  test.for([
    ['alice', IN_SLACK],
    ['alice', IN_FEISHU],
    ['bob', { ...IN_SLACK, user: 'U0002' }],
    [undefined, { ...IN_SLACK, user: 'U0003' }],
    [undefined, { ...IN_SLACK, tenant: 'T0002' }],
    [undefined, { ...IN_SLACK, platform: 'feishu' as const }],
  ] as const)('is that of %s: %j', ([id, account], { expect }) => {
    expect(personWith(account, POLICY.people)?.id).toBe(id);
  });
});

test('a client stands for its person, else for itself', ({ expect }) => {
  expect(POLICY.clients.map(personBehind)).toEqual(['ci', 'alice']);
  expect([ALICE.rule, ...POLICY.clients].map(nounOf)).toEqual([
    'person "alice"',
    'client "ci"',
    'client "hers"',
  ]);
});

describe('whoever asked', () => {
  const webhook = anOrigin({ client: 'hers', person: 'alice' });
  const chat = anOrigin({
    door: 'chat',
    client: 'alice',
    chat: { account: IN_SLACK, place: aPlace() },
  });

  test('is known by what it was recorded as', ({ expect }) => {
    expect([anOrigin(), webhook, chat].map(askerOf)).toEqual(['ci', 'alice', 'alice']);
    // A rule of launches may have the name of a client, and is nobody.
    expect(askerOf(anOrigin({ door: 'launch' }))).toBeNull();
  });

  test.for([
    ['alice', webhook, true],
    ['bob', webhook, false],
    ['alice', chat, true],
    ['bob', chat, false],
    ['ci', anOrigin(), true],
    ['ci', anOrigin({ door: 'launch' }), false],
  ] as const)('is %s or not', ([person, origin, expected], { expect }) => {
    expect(isAsker(person, origin, POLICY)).toBe(expected);
  });

  test('stays the same when the policy gives the client or the account to somebody else', ({
    expect,
  }) => {
    // The client was nobody's when it asked.
    const earlier = anOrigin({ client: 'hers' });
    expect(isAsker('alice', earlier, POLICY)).toBe(true);
    // It was alice's, and nobody knows it any more.
    expect(isAsker('alice', webhook, { ...POLICY, clients: [] })).toBe(true);
    // The person got another name, with the account that it was asked for from.
    const renamed = { ...POLICY, people: [{ ...ALICE, id: 'alice.wu' }, BOB] };
    expect(isAsker('alice.wu', chat, renamed)).toBe(true);
    expect(isAsker('bob', chat, renamed)).toBe(false);
  });

  test('has the limits of the client, or of the person, never of the other', ({ expect }) => {
    expect(ruleOfAsker(webhook, POLICY)?.id).toBe('hers');
    expect(ruleOfAsker(chat, POLICY)).toBe(ALICE.rule);
    expect(ruleOfAsker(anOrigin({ door: 'chat', client: 'ci' }), POLICY)).toBeUndefined();
    expect(ruleOfAsker(anOrigin({ client: 'alice' }), POLICY)).toBeUndefined();
    expect(ruleOfAsker(anOrigin({ door: 'launch' }), POLICY)).toBeNull();
  });
});
