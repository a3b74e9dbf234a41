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

describe('of clients', () => {
  test.for<[string, Fields, string]>([
    [
      'two clients of one id',
      withClients({}, { ...OTHER, id: 'ci' }),
      '/clients/1/id: Cannot take "ci": must be the id of one client only',
    ],
    [
      'a variable of two clients',
      withClients({}, { ...OTHER, secretNames: ['OTHER_SECRETS', 'CI_SECRETS'] }),
      '/clients/1/secretNames/1: Cannot take "CI_SECRETS": it holds the secrets of client "ci"',
    ],
    [
      'a variable of a client and of the gate',
      { ...withClients({}), healthGate: GATE },
      '/clients/0/secretNames/0: Cannot take "CI_SECRETS": health gates and channels know their secret, and could sign with it',
    ],
    [
      "a variable of a client and of another's gate",
      withClients({}, { ...OTHER, healthGate: GATE }),
      '/clients/0/secretNames/0: Cannot take "CI_SECRETS": health gates and channels know',
    ],
    [
      'a variable of a client and of a channel',
      { ...withClients({}), notify: [{ ...CHANNEL, secretName: 'CI_SECRETS' }] },
      '/clients/0/secretNames/0: Cannot take "CI_SECRETS": health gates and channels know',
    ],
    ...['keyPairs', 'maxInstances', 'restart', 'attach'].flatMap((field) =>
      ['ask', 'undo'].map((action): [string, Fields, string] => [
        `who may ${action} without ${field}`,
        withClients({ actions: [action], [field]: undefined }),
        `/clients/0/${field}: Cannot be left out: what a client that may ask does not list it may not`,
      ]),
    ),
    [
      'who breaks the glass for nothing',
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
      'instances that opted out',
      withClients({ instances: { tags: { 'latchkey:attach': '*' } } }),
      '/clients/0/instances/tags/latchkey:attach: Cannot be asked for: instances with this tag get no',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test.for<[string, Fields]>([
    [
      'who may only look, with nothing to ask for',
      { clients: [{ ...APPROVER, actions: ['see'] }] },
    ],
    ['who may ask no more, but had limits', withClients({ actions: ['see'] })],
    [
      'a key pair of whose name another was revoked',
      { ...withClients({}), revokedKeyPairs: [{ ...REVOKED, fingerprint: OTHER_FINGERPRINT }] },
    ],
    [
      'two key pairs of one name',
      withClients({
        keyPairs: [FINGERPRINT, OTHER_FINGERPRINT].map((fingerprint) => ({
          name: 'ops-2026',
          fingerprint,
        })),
      }),
    ],
    [
      'one variable for gate and channel',
      { healthGate: { ...GATE, secretName: 'PAGER_SECRETS' }, notify: [CHANNEL] },
    ],
    [
      'instances that opted out of restarts only',
      withClients({
        instances: { tags: { 'latchkey:restart': 'window' } },
      }),
    ],
  ])('%s is taken', ([, policy], { expect }) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

describe('of approvals', () => {
  test.for<[string, Fields, string]>([
    [
      'one that is never needed',
      withApproval({ always: false, withinSeconds: 600 }),
      '/clients/0/approval: Cannot take an object: must say when: "always", "aboveInstances",',
    ],
    [
      'a number where it is always needed',
      withApproval({ always: true, aboveInstances: 3 }),
      '/clients/0/approval/aboveInstances: Cannot take 3: it is always needed',
    ],
    [
      'a number that no rollout has',
      withApproval({ aboveInstances: 50 }),
      '/clients/0/approval/aboveInstances: Cannot take 50: the client may ask for at most 50',
    ],
    [
      'a tag where it is always needed',
      withApproval({ always: true, tags: { env: 'production' } }),
      '/clients/0/approval/tags: Cannot take an object: it is always needed',
    ],
    [
      'a tag that no instance of the client has',
      withApproval({ tags: { env: 'production' } }, { instances: { tags: { env: 'test' } } }),
      '/clients/0/approval/tags/env: Cannot take "production": the client may only touch instances with "test"',
    ],
    [
      'one that only the client itself could give',
      withClients({ actions: ['ask', 'approve'], approval: { always: true } }),
      '/clients/0/approval: Cannot take an object: nobody else may approve, and nobody approves',
    ],
    [
      'one that more people have to give than there are',
      withApproval({ always: true, approvals: 2 }),
      '/clients/0/approval/approvals: Cannot take 2: others who may approve are 1',
    ],
    [
      'high risk that is none',
      withApproval({ always: true, highRisk: {} }),
      '/clients/0/approval/highRisk: Cannot take an object: must say when: "aboveInstances" or "tags"',
    ],
    [
      'high risk that no rollout has',
      withApproval({ always: true, highRisk: { aboveInstances: 50 } }),
      '/clients/0/approval/highRisk/aboveInstances: Cannot take 50: the client may ask for at most 50',
    ],
    [
      'a number above what is high risk',
      withApproval({ aboveInstances: 10, highRisk: { aboveInstances: 5 } }),
      '/clients/0/approval/aboveInstances: Cannot take 10: above 5 it is high risk, and needed for that',
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
      'from where it is high risk',
      withApproval({ aboveInstances: 5, highRisk: { aboveInstances: 5 } }),
    ],
    ['for two and more', withApproval({ aboveInstances: 1 })],
    ['for the most there may be', withApproval({ aboveInstances: 49 })],
    ['by a tag', withApproval({ tags: { env: '*' } }, { instances: { tags: { env: 'test' } } })],
    [
      'by two clients for each other',
      withClients(
        { actions: ['ask', 'approve'], approval: { always: true } },
        { ...OTHER, actions: ['ask', 'approve'], approval: { always: true } },
      ),
    ],
  ])('%s is taken', ([, policy], { expect }) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

describe('of launch rules', () => {
  const LISTS = {
    regionIds: ['cn-hangzhou', 'cn-beijing'],
    accountIds: ['1234567890123456', '6543210987654321'],
    imageIds: ['m-a', 'm-b'],
    launchTemplates: ['lt-a', 'lt-b'],
    launchedBy: ['lin', 'wei'],
  } as const;
  const covered = (earlier: Fields, later: Fields) =>
    withRules({ match: earlier }, { name: 'second', match: later });

  test.for<[string, Fields, string]>([
    [
      'two rules of one name',
      withRules({}, { match: { namePrefix: 'db-' } }),
      '/launch/1/name: Cannot take "web": must be the name of one rule only',
    ],
    [
      'a rule after its own copy',
      covered({ tags: { team: 'web' } }, { tags: { team: 'web' } }),
      '/launch/1/match: Cannot be reached: rule "web" (/launch/0) takes every launch before it',
    ],
    [
      'a narrower tag',
      covered({ tags: { team: '*' } }, { tags: { team: 'web', env: 'test' } }),
      '/launch/1/match: Cannot be reached',
    ],
    [
      'a longer prefix',
      covered({ namePrefix: 'web-' }, { namePrefix: 'web-eu-' }),
      '/launch/1/match: Cannot be reached',
    ],
    ...Object.entries(LISTS).map(([field, [one, other]]): [string, Fields, string] => [
      `fewer of ${field}`,
      covered({ [field]: [one, other] }, { [field]: [other], namePrefix: 'web-' }),
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
      'members of scaling groups where nothing is restarted',
      withRules({ restart: false, restartScalingMembers: true }),
      '/launch/0/restartScalingMembers: Cannot take true: the rule restarts nothing',
    ],
    [
      'an age where nothing is restarted',
      withRules({ restart: false, restartYoungerThanSeconds: 60 }),
      '/launch/0/restartYoungerThanSeconds: Cannot take 60: the rule restarts nothing',
    ],
    [
      'a delay after which everything is too old',
      withRules({ delaySeconds: 3_600 }),
      '/launch/0/delaySeconds: Cannot take 3600: instances are restarted only in their first 3600 s',
    ],
    [
      'instances that opted out of key pairs',
      withRules({ match: { tags: { 'latchkey:attach': 'never' } } }),
      '/launch/0/match/tags/latchkey:attach: Cannot be asked for: instances with this tag get no key',
    ],
    [
      'a restart of instances that opted out of it',
      withRules({ match: { tags: { 'latchkey:restart': 'approve' } } }),
      '/launch/0/match/tags/latchkey:restart: Cannot take "approve": instances with this tag are not',
    ],
    [
      'what Latchkey launches itself',
      {
        ...withRules({ match: { launchedBy: ['lin', 'latchkey-restart:latchkey'] } }),
        ownRoles: ['latchkey-restart'],
      },
      '/launch/0/match/launchedBy/1: Cannot take "latchkey-restart:latchkey": what Latchkey launches',
    ],
  ])('%s is refused', ([, policy, fault], { expect }) => {
    const faults = faultsOf(policy);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(fault);
  });

  test.for<[string, Fields]>([
    [
      'the general after the special',
      covered({ tags: { team: 'web', a: 'b' } }, { tags: { team: 'web' } }),
    ],
    ['another value of a tag', covered({ tags: { team: 'web' } }, { tags: { team: '*' } })],
    ['another condition', covered({ tags: { team: 'web' } }, { namePrefix: 'web-' })],
    ['another list', covered({ imageIds: ['a'] }, { imageIds: ['a', 'b'] })],
    ['any, after some', covered({ launchedBy: ['lin'] }, { tags: { team: 'web' } })],
    [
      'a name of which another fingerprint was revoked',
      { ...withRules({}), revokedKeyPairs: [{ ...REVOKED, fingerprint: FINGERPRINT }] },
    ],
    ['a delay while they are young', withRules({ delaySeconds: 3_599 })],
    ['an attach alone after a day', withRules({ restart: false, delaySeconds: 86_400 })],
    [
      'an attach alone of what opted out of restarts',
      withRules({ restart: false, match: { tags: { 'latchkey:restart': 'never' } } }),
    ],
  ])('%s is taken', ([, policy], { expect }) => {
    expect(faultsOf(policy)).toEqual([]);
  });
});

test.for<[string, Fields, string]>([
  [
    'two channels of one id',
    { notify: [CHANNEL, CHANNEL] },
    '/notify/1/id: Cannot take "pager": must be the id of one channel only',
  ],
  [
    'one revocation twice',
    { revokedKeyPairs: [REVOKED, REVOKED] },
    '/revokedKeyPairs/1: Cannot take "ops-2026": /revokedKeyPairs/0 covers it',
  ],
  [
    'a fingerprint of a name that is revoked with all of its fingerprints',
    { revokedKeyPairs: [{ ...REVOKED, fingerprint: FINGERPRINT }, REVOKED] },
    '/revokedKeyPairs/0: Cannot take "ops-2026": /revokedKeyPairs/1 covers it',
  ],
  [
    'one tag for both opt-outs',
    { optOut: { restart: 'latchkey:attach' } },
    '/optOut/attach: Cannot take "latchkey:attach": the tag against restarts is the same',
  ],
])('%s is refused', ([, policy, fault], { expect }) => {
  expect(faultsOf(policy)).toEqual([fault]);
});

test('all contradictions are named at once', ({ expect }) => {
  expect(
    faultsOf({
      clients: [aFileClient({ keyPairs: undefined }), aFileClient()],
      launch: [aRule(), aRule()],
      notify: [CHANNEL, CHANNEL],
    }),
  ).toHaveLength(6);
});

test('what is taken permits no client more than it lists', ({ expect }) => {
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
