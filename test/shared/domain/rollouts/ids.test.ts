import { describe, test } from 'vitest';
import { canonicalJson } from '../../../../shared/lib/canonical-json.ts';
import { rolloutIdOf } from '../../../../shared/domain/rollouts/rollout-id.ts';
import { ROLLOUT_ID } from '../../../../shared/domain/model/ids.ts';
import { sha256 } from '../../../models/builders.ts';

describe('canonicalJson()', () => {
  test('sorts keys by UTF-16 code units, as the example of RFC 8785 §3.2.3', ({ expect }) => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map(([, text]) => text);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test('writes numbers as RFC 8785 §3.2.2.3 does', ({ expect }) => {
    expect(canonicalJson([333333333.3333333, 1e30, 4.5, 2e-3, 1e-27, -0])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27,0]',
    );
  });

  test('refuses what JSON has no number for', ({ expect }) => {
    expect(() => canonicalJson(Number.NaN)).toThrow(RangeError);
  });
});

describe('rolloutIdOf()', () => {
  /** python3: base64.b32encode(hashlib.sha256(b'["webhook","ci","msg_1"]').digest()).lower()[:26] */
  test('is base32 of the SHA-256 of door, client and key', ({ expect }) => {
    const id = rolloutIdOf({ door: 'webhook', client: 'ci', idempotencyKey: 'msg_1' }, sha256);
    expect(id).toBe('ro-jmcx64gbgcxxpyhgv6rasysupt');
    expect(id).toMatch(ROLLOUT_ID);
  });

  test('tells apart what joins to the same text', ({ expect }) => {
    const one = { door: 'webhook', client: 'a', idempotencyKey: 'b,c' } as const;
    const other = { door: 'webhook', client: 'a,b', idempotencyKey: 'c' } as const;
    expect(rolloutIdOf(one, sha256)).not.toBe(rolloutIdOf(other, sha256));
  });
});
