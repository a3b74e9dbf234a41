import fc from 'fast-check';
import { describe, test } from 'vitest';
import { parsePolicy } from '../../../shared/policy-file/parse-policy.ts';
import {
  aFileClient,
  APPROVER,
  aRule,
  faultsOf,
  FINGERPRINT,
  type Fields,
  OTHER_FINGERPRINT,
} from './policy-file.ts';

const withClients = (...changes: Fields[]) => ({ clients: changes.map(aFileClient) });
const withRules = (...changes: Fields[]) => ({ launch: changes.map(aRule) });

const OTHER = { id: 'other', secretNames: ['OTHER_SECRETS'] };
const GATE = { url: 'https://gate.example.com/', secretName: 'CI_SECRETS' };
const REVOKED = { name: 'ops-2026', reason: 'the laptop was stolen' };
const CHANNEL = { id: 'pager', url: 'https://pager.example.com/', secretName: 'PAGER_SECRETS' };

const withApproval = (approval: Fields, change: Fields = {}) => ({
  clients: [aFileClient({ ...change, approval }), APPROVER],
});

describe('in clients,', () => {
  test.for<[string, Fields, string]>([
    [
      'two clients with the same id',
      withClients({}, { ...OTHER, id: 'ci' }),
      '/clients/1/id: Cannot take "ci": another client has this id',
    ],
    [
      'a variable for two clients',
      withClients({}, { ...OTHER, secretNames: ['OTHER_SECRETS', 'CI_SECRETS'] }),
      '/clients/1/secretNames/1: Cannot take "CI_SECRETS": it is for the secrets of client "ci"',
    ],
    [
      'a variable for a client and the health gate',
      { ...withClients({}), healthGate: GATE },
      '/clients/0/secretNames/0: Cannot take "CI_SECRETS": a health gate or channel knows this secret, and could sign with it',
    ],
    [
      "a variable for a client and another client's health gate",
      withClients({}, { ...OTHER, healthGate: GATE }),
      '/clients/0/secretNames/0: Cannot take "CI_SECRETS": a health gate or channel knows',
    ],
    [
      'a variable for a client and a channel',
      { ...withClients({}), notify: [{ ...CHANNEL, secretName: 'CI_SECRETS' }] },
      '/clients/0/secretNames/0: Cannot take "CI_SECRETS": a health gate or channel knows',
    ],
    ...['keyPairs', 'maxInstances', 'restart', 'attach'].flatMap((field) =>
      ['ask', 'undo'].map((action): [string, Fields, string] => [
        `a client that may ${action}, without ${field},`,
        withClients({ actions: [action], [field]: undefined }),
        `/clients/0/${field}: Cannot be left out: a client that may ask or undo needs it`,
      ]),
    ),
    [
      'break-glass for a client that may not ask',
      { clients: [{ ...APPROVER, breakGlass: true }] },
      '/clients/0/breakGlass: Cannot take true: the client may neither ask nor undo',
    ],
    [
      'a revoked key pair',
      { ...withClients({}), revokedKeyPairs: [REVOKED] },
      '/clients/0/keyPairs/0: Cannot take "ops-2026": /revokedKeyPairs/0 revokes it',
    ],
    [
      'a key pair whose fingerprint is revoked',
      { ...withClients({}), revokedKeyPairs: [{ ...REVOKED, fingerprint: FINGERPRINT }] },
      '/clients/0/keyPairs/0: Cannot take "ops-2026": /revokedKeyPairs/0 revokes it',
    ],
    [
      'a required tag that opts out of key pairs',
      withClients({ instances: { tags: { 'latchkey:attach': '*' } } }),
      '/clients/0/instances/tags/latchkey:attach: Cannot be required: instances with this tag get no',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test.for<[string, Fields]>([
    [
      'a client that may only see, without limits,',
      { clients: [{ ...APPROVER, actions: ['see'] }] },
    ],
    ['a client that may only see, with limits,', withClients({ actions: ['see'] })],
    [
      'a key pair when another with its name is revoked',
      { ...withClients({}), revokedKeyPairs: [{ ...REVOKED, fingerprint: OTHER_FINGERPRINT }] },
    ],
    [
      'two key pairs with the same name',
      withClients({
        keyPairs: [FINGERPRINT, OTHER_FINGERPRINT].map((fingerprint) => ({
          name: 'ops-2026',
          fingerprint,
        })),
      }),
    ],
    [
      'one variable for a health gate and a channel',
      { healthGate: { ...GATE, secretName: 'PAGER_SECRETS' }, notify: [CHANNEL] },
    ],
    [
      'a required tag that opts out of restarts only',
      withClients({
        instances: { tags: { 'latchkey:restart': 'window' } },
      }),
    ],
  ])('%s is accepted', ([, policy], { expect }) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

describe('in approvals,', () => {
  test.for<[string, Fields, string]>([
    [
      'an approval that is never needed',
      withApproval({ always: false, withinSeconds: 600 }),
      '/clients/0/approval: Cannot take an object: must have "always", "aboveInstances",',
    ],
    [
      'a number when approval is always needed',
      withApproval({ always: true, aboveInstances: 3 }),
      '/clients/0/approval/aboveInstances: Cannot take 3: approval is always needed',
    ],
    [
      'a number that no rollout exceeds',
      withApproval({ aboveInstances: 50 }),
      '/clients/0/approval/aboveInstances: Cannot take 50: the client may ask for at most 50',
    ],
    [
      'a tag when approval is always needed',
      withApproval({ always: true, tags: { env: 'production' } }),
      '/clients/0/approval/tags: Cannot take an object: approval is always needed',
    ],
    [
      'a tag that no instance of the client has',
      withApproval({ tags: { env: 'production' } }, { instances: { tags: { env: 'test' } } }),
      '/clients/0/approval/tags/env: Cannot take "production": the client may only touch instances with "test"',
    ],
    [
      'an approval that only the asker could give',
      withClients({ actions: ['ask', 'approve'], approval: { always: true } }),
      '/clients/0/approval: Cannot take an object: nobody else may approve, and nobody approves',
    ],
    [
      'an approval by more people than there are',
      withApproval({ always: true, approvals: 2 }),
      '/clients/0/approval/approvals: Cannot take 2: others who may approve: 1',
    ],
    [
      'high risk without a condition',
      withApproval({ always: true, highRisk: {} }),
      '/clients/0/approval/highRisk: Cannot take an object: must have "aboveInstances" or "tags"',
    ],
    [
      'high risk above a number that no rollout exceeds',
      withApproval({ always: true, highRisk: { aboveInstances: 50 } }),
      '/clients/0/approval/highRisk/aboveInstances: Cannot take 50: the client may ask for at most 50',
    ],
    [
      'a number above that of high risk',
      withApproval({ aboveInstances: 10, highRisk: { aboveInstances: 5 } }),
      '/clients/0/approval/aboveInstances: Cannot take 10: a rollout above 5 is high risk and needs approval already',
    ],
    [
      'high risk for a tag that no instance of the client has',
      withApproval(
        { highRisk: { tags: { env: 'production' } } },
        { instances: { tags: { env: 'test' } } },
      ),
      '/clients/0/approval/highRisk/tags/env: Cannot take "production": the client may only touch',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test.for<[string, Fields]>([
    ['always', withApproval({ always: true })],
    ['for high risk only', withApproval({ highRisk: { aboveInstances: 10 } })],
    [
      'above the same number as high risk',
      withApproval({ aboveInstances: 5, highRisk: { aboveInstances: 5 } }),
    ],
    ['above one instance', withApproval({ aboveInstances: 1 })],
    ['just below the largest rollout', withApproval({ aboveInstances: 49 })],
    ['for a tag', withApproval({ tags: { env: '*' } }, { instances: { tags: { env: 'test' } } })],
    [
      'by two clients for each other',
      withClients(
        { actions: ['ask', 'approve'], approval: { always: true } },
        { ...OTHER, actions: ['ask', 'approve'], approval: { always: true } },
      ),
    ],
  ])('%s is accepted', ([, policy], { expect }) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

describe('in launch rules,', () => {
  const LISTS = {
    regionIds: ['cn-hangzhou', 'cn-beijing'],
    accountIds: ['1234567890123456', '6543210987654321'],
    imageIds: ['m-a', 'm-b'],
    launchTemplates: ['lt-a', 'lt-b'],
    launchedBy: ['lin', 'wei'],
  } as const;
  const inOrder = (earlier: Fields, later: Fields) =>
    withRules({ match: earlier }, { name: 'second', match: later });

  test.for<[string, Fields, string]>([
    [
      'two rules with the same name',
      withRules({}, { match: { namePrefix: 'db-' } }),
      '/launch/1/name: Cannot take "web": another rule has this name',
    ],
    [
      'a rule after its own copy',
      inOrder({ tags: { team: 'web' } }, { tags: { team: 'web' } }),
      '/launch/1/match: Cannot be reached: rule "web" (/launch/0) matches every launch that it matches',
    ],
    [
      'a narrower tag',
      inOrder({ tags: { team: '*' } }, { tags: { team: 'web', env: 'test' } }),
      '/launch/1/match: Cannot be reached',
    ],
    [
      'a longer prefix',
      inOrder({ namePrefix: 'web-' }, { namePrefix: 'web-eu-' }),
      '/launch/1/match: Cannot be reached',
    ],
    ...Object.entries(LISTS).map(([field, [one, other]]): [string, Fields, string] => [
      `fewer of ${field}`,
      inOrder({ [field]: [one, other] }, { [field]: [other], namePrefix: 'web-' }),
      '/launch/1/match: Cannot be reached',
    ]),
    [
      'a revoked key pair',
      { ...withRules({}), revokedKeyPairs: [REVOKED] },
      '/launch/0/keyPairName: Cannot take "ops-2026": /revokedKeyPairs/0 revokes it',
    ],
    [
      'a revoked fingerprint',
      {
        ...withRules({ fingerprint: FINGERPRINT }),
        revokedKeyPairs: [{ ...REVOKED, fingerprint: FINGERPRINT }],
      },
      '/launch/0/keyPairName: Cannot take "ops-2026": /revokedKeyPairs/0 revokes it',
    ],
    [
      'a restart of scaling members in a rule without restart',
      withRules({ restart: false, restartScalingMembers: true }),
      '/launch/0/restartScalingMembers: Cannot take true: the rule restarts nothing',
    ],
    [
      'an age for restarts in a rule without restart',
      withRules({ restart: false, restartYoungerThanSeconds: 60 }),
      '/launch/0/restartYoungerThanSeconds: Cannot take 60: the rule restarts nothing',
    ],
    [
      'a delay after which every instance is too old',
      withRules({ delaySeconds: 3_600 }),
      '/launch/0/delaySeconds: Cannot take 3600: instances are restarted only in their first 3600 s',
    ],
    [
      'instances that opted out of key pairs',
      withRules({ match: { tags: { 'latchkey:attach': 'never' } } }),
      '/launch/0/match/tags/latchkey:attach: Cannot be required: instances with this tag get no key',
    ],
    [
      'a restart of instances that opted out of it',
      withRules({ match: { tags: { 'latchkey:restart': 'approve' } } }),
      '/launch/0/match/tags/latchkey:restart: Cannot take "approve": the rule restarts, and instances with this tag are not',
    ],
    [
      'a role of Latchkey',
      {
        ...withRules({ match: { launchedBy: ['lin', 'latchkey-restart:latchkey'] } }),
        ownRoles: ['latchkey-restart'],
      },
      '/launch/0/match/launchedBy/1: Cannot take "latchkey-restart:latchkey": it is a role of Latchkey',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test.for<[string, Fields]>([
    [
      'a general rule after a special one',
      inOrder({ tags: { team: 'web', a: 'b' } }, { tags: { team: 'web' } }),
    ],
    ['another value of a tag', inOrder({ tags: { team: 'web' } }, { tags: { team: '*' } })],
    ['another condition', inOrder({ tags: { team: 'web' } }, { namePrefix: 'web-' })],
    ['another list', inOrder({ imageIds: ['a'] }, { imageIds: ['a', 'b'] })],
    [
      'a rule for any user after a rule for one',
      inOrder({ launchedBy: ['lin'] }, { tags: { team: 'web' } }),
    ],
    [
      'a key pair when another fingerprint of its name is revoked',
      { ...withRules({}), revokedKeyPairs: [{ ...REVOKED, fingerprint: FINGERPRINT }] },
    ],
    ['a delay within the age for restarts', withRules({ delaySeconds: 3_599 })],
    ['an attach without restart after a day', withRules({ restart: false, delaySeconds: 86_400 })],
    [
      'an attach without restart for instances that opted out of restarts',
      withRules({ restart: false, match: { tags: { 'latchkey:restart': 'never' } } }),
    ],
  ])('%s is accepted', ([, policy], { expect }) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

test.for<[string, Fields, string]>([
  [
    'two channels with the same id',
    { notify: [CHANNEL, CHANNEL] },
    '/notify/1/id: Cannot take "pager": another channel has this id',
  ],
  [
    'the same revocation twice',
    { revokedKeyPairs: [REVOKED, REVOKED] },
    '/revokedKeyPairs/1: Cannot take "ops-2026": /revokedKeyPairs/0 revokes it already',
  ],
  [
    'a revoked fingerprint of a name that is revoked as a whole',
    { revokedKeyPairs: [{ ...REVOKED, fingerprint: FINGERPRINT }, REVOKED] },
    '/revokedKeyPairs/0: Cannot take "ops-2026": /revokedKeyPairs/1 revokes it already',
  ],
  [
    'one tag for both opt-outs',
    { optOut: { restart: 'latchkey:attach' } },
    '/optOut/attach: Cannot take "latchkey:attach": /optOut/restart is the same tag',
  ],
])('%s is refused', ([, policy, fault], { expect }) => {
  expect(faultsOf(policy)).toEqual([fault]);
});

test('every contradiction has a fault', ({ expect }) => {
  expect(
    faultsOf({
      clients: [aFileClient({ keyPairs: undefined }), aFileClient()],
      launch: [aRule(), aRule()],
      notify: [CHANNEL, CHANNEL],
    }),
  ).toHaveLength(6);
});

test('a policy permits a client no more than it lists', ({ expect }) => {
  const some = <T>(values: readonly T[]) => fc.option(fc.subarray([...values]), { nil: undefined });
  const client = fc.record(
    {
      actions: some(['ask', 'see', 'undo', 'approve']),
      keyPairs: some([{ name: 'ops-2026', fingerprint: FINGERPRINT }]),
      restart: some(['auto', 'never']),
      attach: some(['now', 'wave']),
      maxInstances: fc.option(fc.integer({ min: 0, max: 1_001 }), { nil: undefined }),
      breakGlass: fc.option(fc.boolean(), { nil: undefined }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(client, (listed) => {
      const file = { clients: [aFileClient({ ...listed })] };
      if (faultsOf(file).length > 0) return;
      const [rule] = parsePolicy(file).clients;
      const given = file.clients[0]!;
      for (const field of ['actions', 'keyPairs', 'restart', 'attach'] as const) {
        expect(rule![field]).toEqual(given[field] ?? []);
      }
      expect(rule!.maxInstances).toBe(given['maxInstances'] ?? 0);
      expect(rule!.breakGlass).toBe(given['breakGlass'] ?? false);
    }),
  );
});
