import { describe, test } from 'vitest';
import { parsePolicy } from '../../../shared/policy-file/parse-policy.ts';
import { aFileClient, APPROVER, type Fields, faultsOf } from './policy-file.ts';

const CONSOLE = {
  issuer: 'https://login.example.com',
  audience: 'latchkey',
  operators: ['alice', 'auth0|5f7c8ec7c33c6c004bbafe82'],
};

describe('the console', () => {
  test('is read, with a default name for its cookie', ({ expect }) => {
    expect(parsePolicy({ console: CONSOLE }).console).toEqual({
      ...CONSOLE,
      cookie: 'latchkey_session',
    });
    const { console } = parsePolicy({ console: { ...CONSOLE, cookie: '__Host-session' } });
    expect(console?.cookie).toBe('__Host-session');
  });

  test('does not exist unless the policy has it', ({ expect }) => {
    expect(parsePolicy({}).console).toBeNull();
  });

  test.for<[string, Fields, string]>([
    ['no issuer', { issuer: undefined }, '/console/issuer: Cannot be left out'],
    ['an audience with a space', { audience: 'a b' }, 'without a space'],
    ['an empty audience', { audience: '' }, '/console/audience: Cannot take "": must be as it'],
    ['nobody to let in', { operators: [] }, '/console/operators: Cannot take a list of 0'],
    ['an operator twice', { operators: ['a', 'a'] }, 'must name each once'],
    ['an operator of 256 characters', { operators: ['a'.repeat(256)] }, '/console/operators/0'],
    [
      'a cookie name with a separator',
      { cookie: 'a; b' },
      '/console/cookie: Cannot take "a; b": must',
    ],
    ['an unknown field', { jwks: '{}' }, '/console/jwks: Cannot take'],
  ])('is refused with %s', ([, change, fault], { expect }) => {
    expect(faultsOf({ console: { ...CONSOLE, ...change } }).join('\n')).toContain(fault);
  });

  test('has a variable that nobody else may use', ({ expect }) => {
    const client = aFileClient({ secretNames: ['CONSOLE_JWKS'] });
    expect(faultsOf({ clients: [client, APPROVER], console: CONSOLE })).toEqual([
      '/clients/0/secretNames/0: Cannot take "CONSOLE_JWKS": it is for the keys of the console',
    ]);
  });
});
