import fc from 'fast-check';
import { test } from 'vitest';
import type { RolloutInstance } from '../../../../shared/domain/model/rollout.ts';
import {
  decodeInstance,
  encodeInstance,
  MAX_INSTANCE_BYTES,
} from '../../../../shared/outbound/store/instance-column.ts';
import { instance } from './arbitraries.ts';
import { anInstance } from './builders.ts';

/** The instance without the texts that may be clipped. */
function exact(one: RolloutInstance): unknown {
  const bare = <S extends { kind: string }>(state: S) => ({ ...state, message: undefined });
  return { ...one, name: undefined, attach: bare(one.attach), restart: bare(one.restart) };
}

test('every state survives the column, which has at most 300 bytes', async ({ expect }) => {
  fc.assert(
    fc.property(instance, (one) => {
      const column = encodeInstance(one);
      const back = decodeInstance(column);
      expect(exact(back)).toEqual(exact(one));
      expect(encodeInstance(back)).toBe(column);
      // The other key pair of an undo comes on top.
      const target = one.target === null ? 0 : Buffer.byteLength(JSON.stringify(one.target));
      expect(Buffer.byteLength(column)).toBeLessThanOrEqual(MAX_INSTANCE_BYTES + target);
      if (Buffer.byteLength(column) < MAX_INSTANCE_BYTES - 12) expect(back).toEqual(one);
    }),
    { numRuns: 300 },
  );
});

test('the name is clipped first, then a message, and both are marked', async ({ expect }) => {
  const attach = { kind: 'failed', code: 'Forbidden.RAM', requestId: 'R' } as const;
  const clipped = (message: string) => {
    const one = anInstance(1, { name: 'n'.repeat(128), attach: { ...attach, message } });
    return decodeInstance(encodeInstance(one));
  };
  expect(clipped('m'.repeat(100))).toMatchObject({
    name: expect.stringMatching(/^n{33,}…$/),
    attach: { message: 'm'.repeat(100) },
  });
  expect(clipped('m'.repeat(500))).toMatchObject({
    name: `${'n'.repeat(29)}…`,
    attach: { message: expect.stringMatching(/^m{100,}…$/) },
  });
});

test('the whole name can be clipped when there is no message', async ({ expect }) => {
  const one = anInstance(1, { name: 'n'.repeat(128), previousKeyPairName: 'k'.repeat(190) });
  expect(decodeInstance(encodeInstance(one)).name).toMatch(/^n{0,28}…$/);
});

test('values that must not be clipped can make a column longer', async ({ expect }) => {
  const previousKeyPairName = '汉'.repeat(128);
  const column = encodeInstance(anInstance(1, { previousKeyPairName }));
  expect(Buffer.byteLength(column)).toBeGreaterThan(MAX_INSTANCE_BYTES);
  expect(decodeInstance(column).previousKeyPairName).toBe(previousKeyPairName);
});

test.for([
  'not JSON',
  '{}',
  '["i-1","n","z",null,["due"]]',
  '["i-1","n","z",null,["due"],["sleeping"]]',
  '["i-1","n","z",null,["due"],["constructor"]]',
  '["i-1","n","z",null,["due"],["due","reboot"]]',
  '["i-1","n","z",null,["due"],["due","shutdown",0,0]]',
  '["i-1","n","z",null,["due"],["none",1]]',
  '["i-1","n","z",7,["due"],["none"]]',
])('%s is refused', (column, { expect }) => {
  expect(() => decodeInstance(column)).toThrow(Error);
});
