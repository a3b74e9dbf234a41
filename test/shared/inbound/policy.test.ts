import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/errors.ts';
import { parsePolicy } from '../../../shared/inbound/policy.ts';

function aRule(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'web',
    match: { tags: { team: 'web' } },
    keyPairName: 'ops-2026',
    restart: true,
    ...change,
  };
}

function faultsOf(value: unknown): string[] {
  try {
    parsePolicy(value);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return (error.details.faults ?? []).map(({ pointer, detail }) => `${pointer}: ${detail}`);
  }
  return [];
}

test('a policy is read, with what a match leaves out', ({ expect }) => {
  const rules = [aRule(), aRule({ name: 'db', match: { namePrefix: 'db-' }, restart: false })];
  expect(parsePolicy({ $schema: './policy.schema.json', launch: rules })).toEqual({
    launch: [
      aRule({ match: { tags: { team: 'web' }, namePrefix: '' } }),
      aRule({ name: 'db', match: { tags: {}, namePrefix: 'db-' }, restart: false }),
    ],
  });
  expect(parsePolicy({ launch: [] })).toEqual({ launch: [] });
});

test.for<[unknown, string]>([
  [{}, '/launch: Cannot be left out: required'],
  [{ launch: [], lunch: 1 }, '/lunch: Cannot take 1: is not a field of a policy'],
  [{ launch: [aRule({ keyPair: 'x' })] }, '/launch/0/keyPair: Cannot take "x": is not a field'],
  [{ launch: [aRule({ match: {} })] }, '/launch/0/match: Cannot take an object: must have a tag'],
  [
    { launch: [aRule({ match: { namePrefix: '', tags: {} } })] },
    '/launch/0/match: Cannot take an object: must have a tag',
  ],
  [
    { launch: [aRule({ match: { tags: ['a'] } })] },
    '/launch/0/match/tags: Cannot take a list of 1: must be an object',
  ],
  [
    { launch: [aRule({ match: { tags: { a: 1 } } })] },
    '/launch/0/match/tags/a: Cannot take 1: must be a text',
  ],
  [
    { launch: [aRule({ match: { tag: 'x', namePrefix: 'x' } })] },
    '/launch/0/match/tag: Cannot take "x": is not a field of a match',
  ],
  [{ launch: [aRule({ restart: 'auto' })] }, '/launch/0/restart: Cannot take "auto": must be true'],
  [{ launch: [aRule({ keyPairName: '*' })] }, '/launch/0/keyPairName: Cannot take "*": must be a'],
  [{ launch: [aRule({ name: 'a b' })] }, '/launch/0/name: Cannot take "a b": must be 1 to 64'],
  [
    { launch: [aRule(), aRule({ name: 'db' }), aRule()] },
    '/launch/2/name: Cannot take "web": must be the name of one rule only',
  ],
])('%j is refused', ([policy, fault], { expect }) => {
  const faults = faultsOf(policy);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toContain(fault);
});
