import { test } from 'vitest';
import type { HealthGateRule } from '../../../../shared/domain/model/policy.ts';
import type { HealthGate } from '../../../../shared/domain/model/ports.ts';
import { rulesOf } from '../../../../shared/domain/policy/rules.ts';
import type { Schedule } from '../../../../shared/domain/model/window.ts';
import { aClient, anOrigin, aPolicy } from '../../../models/builders.ts';
import { aPerson } from '../../../support/chat-builders.ts';

const frozen = (reason: string): Schedule => ({
  window: null,
  freezes: [{ from: 0, until: 1, reason }],
});
const gate = (url: string): HealthGateRule => ({ url, secretName: 'GATE', timeoutMs: 5_000 });

const POLICY = aPolicy({
  schedule: frozen('everybody'),
  healthGate: gate('https://gate.example.com/all'),
  clients: [
    aClient({ id: 'ci', schedule: frozen('ci'), healthGate: gate('https://gate.example.com/ci') }),
    aClient({ id: 'web', healthGate: gate('https://gate.example.com/all') }),
    aClient({ id: 'free', healthGate: null }),
  ],
  people: [
    aPerson({
      id: 'lin',
      rule: aClient({
        id: 'lin',
        schedule: frozen('lin'),
        healthGate: gate('https://gate.example.com/lin'),
      }),
    }),
  ],
  revokedKeyPairs: [{ name: 'old', fingerprint: null, reason: 'leaked' }],
  notify: [{ id: 'pager', url: 'https://pager.example.com/', secretName: 'PAGER', on: ['halted'] }],
});

function someRules(make = (rule: HealthGateRule): HealthGate | null => aGate(rule)) {
  const made: string[] = [];
  const rules = rulesOf(POLICY, (rule) => {
    made.push(rule.url);
    return make(rule);
  });
  return { rules, made };
}

const aGate = ({ url }: HealthGateRule): HealthGate => ({
  ask: async () => ({ answer: 'go', reason: url }),
});

test.for([
  ['webhook', 'ci', 'ci'],
  ['chat', 'lin', 'lin'],
  // Neither has a client the hours of a person, nor a person those of a client.
  ['chat', 'ci', 'everybody'],
  ['webhook', 'lin', 'everybody'],
  // A rule of launches may have the name of a client.
  ['launch', 'ci', 'everybody'],
  // The policy knows it no more.
  ['webhook', 'gone', 'everybody'],
] as const)('what came through the %s from "%s" keeps the hours of %s', (row, { expect }) => {
  const [door, client, whose] = row;
  const { rules } = someRules();

  expect(rules.scheduleOf(anOrigin({ door, client })).freezes[0]!.reason).toBe(whose);
});

test.for([
  ['webhook', 'ci', 'https://gate.example.com/ci'],
  ['webhook', 'web', 'https://gate.example.com/all'],
  ['chat', 'lin', 'https://gate.example.com/lin'],
  ['launch', 'ci', 'https://gate.example.com/all'],
  ['webhook', 'gone', 'https://gate.example.com/all'],
] as const)('what came through the %s from "%s" asks %s', async (row, { expect }) => {
  const [door, client, url] = row;
  const { rules } = someRules();
  const origin = anOrigin({ door, client });
  const question = { rolloutId: 'ro-a', phase: 'before', wave: 1, instanceIds: [] } as const;

  expect(rules.hasGate(origin)).toBe(true);
  expect((await rules.gateOf(origin)!.ask(question)).reason).toBe(url);
});

test('a client without a gate asks none', ({ expect }) => {
  const { rules } = someRules();
  const origin = anOrigin({ client: 'free' });

  expect(rules.hasGate(origin)).toBe(false);
  expect(rules.gateOf(origin)).toBeNull();
});

test('one gate is made for each rule that differs, when the policy is read', ({ expect }) => {
  const { made } = someRules();

  expect(made.toSorted()).toEqual([
    'https://gate.example.com/all',
    'https://gate.example.com/ci',
    'https://gate.example.com/lin',
  ]);
});

test('a function that cannot ask knows all the same that there is a gate', ({ expect }) => {
  const { rules } = someRules(() => null);

  expect(rules.hasGate(anOrigin({ client: 'ci' }))).toBe(true);
  expect(rules.gateOf(anOrigin({ client: 'ci' }))).toBeNull();
});

test('revocations and channels are those of the policy, without the addresses', ({ expect }) => {
  const { rules } = someRules();

  expect(rules.revoked).toEqual(POLICY.revokedKeyPairs);
  expect(rules.channels).toEqual([{ id: 'pager', on: ['halted'] }]);
});
