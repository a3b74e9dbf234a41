import { test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { fcCredentials, type GivenCredentials } from '../../../shared/outbound/credentials.ts';

const NEVER = () => Promise.reject(new Error('the chain was asked'));

test('the credentials of the latest invocation are used', async ({ expect }) => {
  const credentials = fcCredentials(NEVER);
  credentials.use({ accessKeyId: 'STS.1', accessKeySecret: 's1', securityToken: 't1' });
  credentials.use({ accessKeyId: 'STS.2', accessKeySecret: 's2', securityToken: 't2' });
  expect(await credentials.source()).toEqual({
    accessKeyId: 'STS.2',
    accessKeySecret: 's2',
    securityToken: 't2',
  });
});

test.for<[string, GivenCredentials | undefined]>([
  ['no context', undefined],
  ['a function without a role', {}],
  ['half of a pair', { accessKeyId: 'a', accessKeySecret: '' }],
])('with %s the default chain is asked', async ([, given], { expect }) => {
  const found = { accessKeyId: 'a', accessKeySecret: 's' };
  const credentials = fcCredentials(() =>
    Promise.resolve({ getCredential: () => Promise.resolve({ ...found, securityToken: '' }) }),
  );
  credentials.use(given);
  expect(await credentials.source()).toEqual(found);
});

test('a chain that failed is replaced, and a chain that answered is kept', async ({ expect }) => {
  const answers: GivenCredentials[] = [{}, { accessKeyId: 'a', accessKeySecret: 's' }];
  let chains = 0;
  const credentials = fcCredentials(() => {
    const answer = answers[Math.min(chains, 1)] ?? {};
    chains += 1;
    return Promise.resolve({ getCredential: () => Promise.resolve(answer) });
  });
  const failure = await credentials.source().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LatchkeyError);
  expect(failure).toMatchObject({ code: 'unreachable' });
  await credentials.source();
  await credentials.source();
  expect(chains).toBe(2);
});

test('outside Function Compute the official chain finds the environment', async ({ expect }) => {
  const names = ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'] as const;
  const before = names.map((name) => process.env[name]);
  [process.env[names[0]], process.env[names[1]]] = ['from-env', 'secret'];
  try {
    expect(await fcCredentials().source()).toMatchObject({ accessKeyId: 'from-env' });
  } finally {
    for (const [i, name] of names.entries()) {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    }
  }
});
