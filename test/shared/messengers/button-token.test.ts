import fc from 'fast-check';
import { test } from 'vitest';
import type { ButtonTerms } from '../../../shared/domain/chat/card-tokens.ts';
import {
  buttonKey,
  readButtonToken,
  signButtonToken,
} from '../../../shared/messengers/button-token.ts';
import { parseWebhookSecret } from '../../../shared/contract/webhook-secret.ts';
import { NOW_MS } from '../../models/builders.ts';
import { CHAT_SECRETS } from '../../support/chat-requests.ts';
import { aPlace } from '../../support/chat-builders.ts';

const KEY = buttonKey(parseWebhookSecret(CHAT_SECRETS.CHAT_BUTTON_SECRET));
const OTHER = buttonKey({ key: Buffer.alloc(24, 1) });

function terms(over: Partial<ButtonTerms> = {}): ButtonTerms {
  return {
    rolloutId: 'ro-abcdefghijklmnopqrstuvwxyz',
    action: 'approve',
    planDigest: `sha256:${'a1'.repeat(32)}`,
    place: aPlace(),
    expMs: NOW_MS + 3_600_000,
    round: 0,
    ...over,
  };
}

const read = (token: string, over: Partial<ReturnType<typeof aPlace>> = {}, keys = [KEY]) =>
  readButtonToken(token, { ...aPlace(), ...over }, keys, NOW_MS);

test('a token is read back as what was signed into it', ({ expect }) => {
  expect(read(signButtonToken(terms(), KEY))).toEqual({
    kind: 'good',
    rolloutId: terms().rolloutId,
    action: 'approve',
    planDigest: terms().planDigest,
    place: aPlace(),
    jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
  });
});

test('a token is a known one, made by another tool', ({ expect }) => {
  // Python's hmac and hashlib, from the terms above and the secret of 24 bytes of 9.
  expect(signButtonToken(terms(), KEY)).toBe(
    [
      'v1',
      'eyJyaWQiOiJyby1hYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eiIsImFjdCI6ImFwcHJvdmUiLCJkaWciOiJzaGEyNTY6YTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMWExYTFhMSIsImF1ZCI6InNsYWNrfFQwMDAxfEMwMDAxIiwiZXhwIjoxNzkwMDAzNjAwLCJqdGkiOiJJaGNLT1A1ZU04c2VYQ3ZpVnlMOEUxIiwia2lkIjoiTjI5V1dEIn0',
      'EueRo9eDmu83uEMuuz1bJWa65hRDX8RH13I6CFGWSow',
    ].join('.'),
  );
});

test('the same terms give the same token, and each of them makes another one', ({ expect }) => {
  const jtiOf = (over: Partial<ButtonTerms>) => {
    const place = over.place ?? aPlace();
    const found = readButtonToken(signButtonToken(terms(over), KEY), place, [KEY], NOW_MS);
    return found.kind === 'good' ? found.jti : '';
  };
  expect(signButtonToken(terms(), KEY)).toBe(signButtonToken(terms(), KEY));
  const jtis = [
    {},
    { rolloutId: 'ro-bbcdefghijklmnopqrstuvwxyz' },
    { action: 'deny' as const },
    { planDigest: 'sha256:b' },
    { place: aPlace({ channel: 'C0002' }) },
    { expMs: NOW_MS + 7_200_000 },
    { round: 1 },
  ].map(jtiOf);
  expect(new Set(jtis).size).toBe(jtis.length);
});

test('it fits into what each platform takes', ({ expect }) => {
  const place = aPlace({
    platform: 'dingtalk',
    tenant: `ding${'0'.repeat(32)}`,
    channel: `cid${'0'.repeat(40)}==`,
  });
  expect(signButtonToken(terms({ place }), KEY).length).toBeLessThan(500);
});

test.for<[string, Partial<ReturnType<typeof aPlace>>]>([
  ['another conversation', { channel: 'C0002' }],
  ['another tenant', { tenant: 'T0002' }],
  ['another platform', { platform: 'feishu' }],
])('shown in %s it is worth nothing', ([, over], { expect }) => {
  expect(read(signButtonToken(terms(), KEY), over)).toEqual({ kind: 'bad', why: 'elsewhere' });
});

test('where the platform does not say where, the tenant still counts', ({ expect }) => {
  const token = signButtonToken(terms({ place: aPlace({ platform: 'dingtalk' }) }), KEY);
  const from = (tenant: string) =>
    readButtonToken(token, { platform: 'dingtalk', tenant, channel: null }, [KEY], NOW_MS);
  expect(from('T0001')).toMatchObject({ kind: 'good', place: { channel: 'C0001' } });
  expect(from('T0002')).toEqual({ kind: 'bad', why: 'elsewhere' });
});

test('it ends with its second', ({ expect }) => {
  const why = (expMs: number) => read(signButtonToken(terms({ expMs }), KEY));
  expect(why(NOW_MS + 1_000).kind).toBe('good');
  expect(why(NOW_MS)).toEqual({ kind: 'bad', why: 'expired' });
});

test('while one secret takes the place of another both are taken, and afterwards one', ({
  expect,
}) => {
  const token = signButtonToken(terms(), KEY);
  expect(read(token, {}, [OTHER, KEY]).kind).toBe('good');
  expect(read(token, {}, [OTHER])).toEqual({ kind: 'bad', why: 'forged' });
  expect(read(token, {}, [])).toEqual({ kind: 'bad', why: 'forged' });
});

test('a token of which one character was changed is forged', ({ expect }) => {
  const token = signButtonToken(terms(), KEY);
  const last = token.length - 1;
  const places = fc.tuple(
    fc.nat(last - 1),
    fc.constantFrom('A', 'Z', 'a', '0', '9', '-', '_', '.', '='),
  );
  fc.assert(
    fc.property(places, ([at, character]) => {
      fc.pre(token[at] !== character);
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      expect(read(changed)).toEqual({ kind: 'bad', why: 'forged' });
    }),
  );
});

test.for([
  '',
  'v1',
  'v1..',
  'v2.e30.AAAA',
  `v1.e30.${'A'.repeat(43)}`,
  `v1.${'A'.repeat(5_000)}.${'A'.repeat(43)}`,
])('nonsense is forged: %#', (token, { expect }) => {
  expect(read(token)).toEqual({ kind: 'bad', why: 'forged' });
});
