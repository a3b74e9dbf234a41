import { describe, test } from 'vitest';
import { parsePolicy } from '../../../shared/policy-file/parse-policy.ts';
import { CHAT_APPS } from '../../support/chat-builders.ts';
import { aFileClient, APPROVER, type Fields, faultsOf, FINGERPRINT } from './policy-file.ts';

const SLACK = { teamId: 'T0001', appId: 'A0001' };
const DINGTALK = {
  corpId: 'ding0001',
  robotCode: 'robot0001',
  appKey: 'key0001',
  cardTemplateId: 'template.schema',
};
const FEISHU = { tenantKey: 'tenant0001', appId: 'cli_0001' };
const CHAT: Fields = { slack: SLACK, dingtalk: DINGTALK, feishu: FEISHU };

const inSlack = (user: string): Fields => ({ platform: 'slack', tenant: 'T0001', user });
const inFeishu = (user: string): Fields => ({ platform: 'feishu', tenant: 'tenant0001', user });

/** May ask in a chat, and nothing else. */
function aFilePerson(change: Fields = {}): Fields {
  return {
    id: 'alice',
    accounts: [inSlack('U0001')],
    actions: ['ask'],
    keyPairs: [{ name: 'ops-2026', fingerprint: FINGERPRINT }],
    maxInstances: 50,
    restart: ['auto'],
    attach: ['now'],
    ...change,
  };
}

/** May approve in a chat, and nothing else. */
const BOB: Fields = { id: 'bob', accounts: [inSlack('U0002')], actions: ['approve'] };

const withPeople = (...people: Fields[]): Fields => ({ chat: CHAT, people });
const withChat = (change: Fields): Fields => ({ chat: { ...CHAT, ...change } });

describe('people', () => {
  test('are read like clients, without secrets', ({ expect }) => {
    const whole = aFilePerson({
      accounts: [inSlack('U0001'), inFeishu('ou_0001')],
      approval: { aboveInstances: 5, approvals: 2, highRisk: { tags: { env: 'production' } } },
    });
    const carol = { ...BOB, id: 'carol', accounts: [inFeishu('ou_0003')] };
    const others = [APPROVER, { ...APPROVER, id: 'other', secretNames: ['OTHER_SECRETS'] }];
    const { people } = parsePolicy({ ...withPeople(whole, BOB, carol), clients: others });
    expect(people[0]).toMatchObject({
      id: 'alice',
      accounts: [
        { platform: 'slack', tenant: 'T0001', user: 'U0001' },
        { platform: 'feishu', tenant: 'tenant0001', user: 'ou_0001' },
      ],
      rule: {
        id: 'alice',
        person: 'alice',
        secretNames: [],
        actions: ['ask'],
        maxInstances: 50,
        approval: {
          aboveInstances: 5,
          approvals: 2,
          highRisk: { aboveInstances: null, tags: { env: 'production' } },
        },
      },
    });
    expect(people[1]!.rule).toMatchObject({ keyPairs: [], maxInstances: 0, approval: null });
  });

  test.for<[string, Fields, string]>([
    [
      'two with the same id',
      withPeople(aFilePerson(), { ...BOB, id: 'alice' }),
      '/people/1/id: Cannot take "alice": another person has this id',
    ],
    [
      'one with the id of a client',
      { ...withPeople(aFilePerson({ id: 'ci' })), clients: [aFileClient()] },
      '/people/0/id: Cannot take "ci": a client has this id',
    ],
    [
      'an account of two people',
      withPeople(aFilePerson(), { ...BOB, accounts: [inSlack('U0001')] }),
      '/people/1/accounts/0: Cannot take "U0001": person "alice" has this account',
    ],
    [
      'an account without any chat',
      { people: [aFilePerson()] },
      '/people/0/accounts/0: Cannot take "U0001": /chat/slack is not set up',
    ],
    [
      'an account of a platform that is not set up',
      { chat: { slack: SLACK }, people: [aFilePerson({ accounts: [inFeishu('ou_1')] })] },
      '/people/0/accounts/0: Cannot take "ou_1": /chat/feishu is not set up',
    ],
    [
      'an account of another tenant',
      withPeople(aFilePerson({ accounts: [{ ...inSlack('U0001'), tenant: 'T0002' }] })),
      '/people/0/accounts/0: Cannot take "U0001": the tenant of /chat/slack is "T0001"',
    ],
    [
      'one without any account',
      withPeople(aFilePerson({ accounts: [] })),
      '/people/0/accounts: Cannot take a list of 0: must name an account',
    ],
    [
      'one who may ask and has no key pair',
      withPeople({
        ...BOB,
        actions: ['undo'],
        maxInstances: 1,
        restart: ['auto'],
        attach: ['now'],
      }),
      '/people/0/keyPairs: Cannot be left out: a person that may ask or undo needs it',
    ],
    [
      'an action without a chat command',
      withPeople({ ...BOB, actions: ['resolve'] }),
      '/people/0/actions/0: Cannot take "resolve": must be ',
    ],
    [
      'a secret for a person',
      withPeople({ ...BOB, secretNames: ['BOB'] }),
      '/people/0/secretNames: Cannot take a list of 1: is not a field of a person',
    ],
    [
      'an approval that only the asker could give',
      withPeople(aFilePerson({ actions: ['ask', 'approve'], approval: { always: true } })),
      '/people/0/approval: Cannot take an object: nobody else may approve',
    ],
    [
      'a client of an unknown person',
      { clients: [aFileClient({ person: 'nobody' })] },
      '/clients/0/person: Cannot take "nobody": must be the id of a person in "people"',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test('count once as approvers, by webhook and by chat', ({ expect }) => {
    const approval = { always: true, approvals: 2 };
    const bobs = { ...APPROVER, person: 'bob' };
    const asker = aFilePerson({ approval });
    expect(faultsOf({ ...withPeople(asker, BOB), clients: [bobs] })).toEqual([
      '/people/0/approval/approvals: Cannot take 2: others who may approve: 1',
    ]);
    // Alice cannot approve what her client asks for.
    const asks = aFileClient({ person: 'alice', approval: { always: true } });
    const alice = aFilePerson({ actions: ['approve'] });
    expect(faultsOf({ ...withPeople(alice), clients: [asks] })).toHaveLength(1);
    // Alice's own client does not count as another person.
    const hers = { ...APPROVER, person: 'alice' };
    expect(faultsOf({ ...withPeople(asker, BOB), clients: [hers] })).toHaveLength(1);
    expect(faultsOf({ ...withPeople(asker, BOB), clients: [APPROVER] })).toEqual([]);
  });

  test('cannot approve high risk in a chat', ({ expect }) => {
    const asker = aFilePerson({ approval: { highRisk: { aboveInstances: 10 } } });
    expect(faultsOf(withPeople(asker, BOB))).toEqual([
      '/people/0/approval/highRisk: Cannot take an object: high risk is approved by webhook only, and others who may do so: 0',
    ]);
    expect(faultsOf({ ...withPeople(asker, BOB), clients: [APPROVER] })).toEqual([]);
    expect(
      faultsOf({ ...withPeople(asker, BOB), clients: [{ ...APPROVER, person: 'bob' }] }),
    ).toEqual([]);
  });
});

describe('chats', () => {
  test('are read, with default names for their secrets', ({ expect }) => {
    const channels = [
      { id: 'ops', platform: 'slack', channel: 'C0001' },
      { id: 'all', platform: 'feishu', channel: 'oc_1', doors: ['chat', 'webhook', 'launch'] },
    ];
    expect(parsePolicy(withChat({ channels })).chat).toEqual({
      buttonSecretName: 'CHAT_BUTTON_SECRET',
      apps: CHAT_APPS,
      channels: [
        {
          id: 'ops',
          place: { platform: 'slack', tenant: 'T0001', channel: 'C0001' },
          doors: ['webhook', 'launch'],
        },
        {
          id: 'all',
          place: { platform: 'feishu', tenant: 'tenant0001', channel: 'oc_1' },
          doors: ['chat', 'webhook', 'launch'],
        },
      ],
    });
    expect(parsePolicy({}).chat).toBeNull();
    expect(parsePolicy({ chat: { slack: SLACK } }).chat).toEqual({
      buttonSecretName: 'CHAT_BUTTON_SECRET',
      apps: { slack: CHAT_APPS.slack },
      channels: [],
    });
  });

  const channel = { id: 'ops', platform: 'slack', channel: 'C0001' };

  test.for<[string, Fields, string]>([
    ['no platform', { chat: {} }, '/chat: Cannot take an object: must set up "slack", "dingtalk"'],
    [
      'two channels with the same id',
      withChat({ channels: [channel, { ...channel, channel: 'C0002' }] }),
      '/chat/channels/1/id: Cannot take "ops": another channel has this id',
    ],
    [
      'one channel twice',
      withChat({ channels: [channel, { ...channel, id: 'again', doors: ['chat'] }] }),
      '/chat/channels/1/channel: Cannot take "C0001": /chat/channels/0 is the same channel',
    ],
    [
      'a channel of a platform that is not set up',
      { chat: { feishu: FEISHU, channels: [channel] } },
      '/chat/channels/0/platform: Cannot take "slack": /chat/slack is not set up',
    ],
    [
      'a variable of a client',
      { ...withChat({ buttonSecretName: 'CI_SECRETS' }), clients: [aFileClient()] },
      '/chat/buttonSecretName: Cannot take "CI_SECRETS": it is for the secrets of client "ci"',
    ],
    [
      'one variable for two secrets',
      withChat({ feishu: { ...FEISHU, encryptKeyName: 'SLACK_SIGNING_SECRET' } }),
      '/chat/feishu/encryptKeyName: Cannot take "SLACK_SIGNING_SECRET": it is for /chat/slack/signingSecretName',
    ],
    [
      'a variable of a channel',
      {
        ...withChat({ slack: { ...SLACK, botTokenName: 'PAGER' } }),
        notify: [{ id: 'pager', url: 'https://pager.example.com/', secretName: 'PAGER' }],
      },
      '/chat/slack/botTokenName: Cannot take "PAGER": a health gate or channel knows this secret',
    ],
    [
      'a secret in place of its name',
      withChat({ slack: { ...SLACK, botTokenName: 'xoxb-1-2' } }),
      '/chat/slack/botTokenName: Cannot take "xoxb-1-2": must be the name of an environment variable',
    ],
    [
      'an id with a separator',
      withChat({ slack: { ...SLACK, teamId: 'T|1' } }),
      '/chat/slack/teamId: Cannot take "T|1": must be an id as the platform shows it',
    ],
    [
      'an unknown field',
      withChat({ wecom: {} }),
      '/chat/wecom: Cannot take an object: is not a field of the chats',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test.for([
    ['dingtalk', 'aesKeyName'],
    ['dingtalk', 'appSecretName'],
    ['dingtalk', 'cardSecretName'],
    ['dingtalk', 'pathSecretName'],
    ['feishu', 'appSecretName'],
    ['feishu', 'verificationTokenName'],
    ['slack', 'signingSecretName'],
    ['slack', 'botTokenName'],
  ] as const)(
    'the secret of %s in %s has a variable of its own',
    ([platform, field], { expect }) => {
      const change = { [platform]: { ...(CHAT[platform] as Fields), [field]: 'CI_SECRETS' } };
      expect(faultsOf({ ...withChat(change), clients: [aFileClient()] })).toHaveLength(1);
    },
  );
});
