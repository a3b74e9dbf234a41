import fc from 'fast-check';
import { test } from 'vitest';
import { clipJson, jsonBytes } from '../../../../shared/outbound/store/instance-column.ts';

test('a clipped text fits, ends with a mark, and no character is cut in two', async ({
  expect,
}) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(60), (text, bytes) => {
      const clipped = clipJson(text, bytes);
      expect(jsonBytes(clipped)).toBeLessThanOrEqual(bytes);
      if (jsonBytes(text) <= bytes) expect(clipped).toBe(text);
      else if (bytes < 3) expect(clipped).toBe('');
      else {
        expect(clipped.endsWith('…')).toBe(true);
        expect(text.startsWith(clipped.slice(0, -1))).toBe(true);
        // Half of a surrogate pair would be written, and counted, as an escape.
        const lastKept = clipped.at(-2) ?? '';
        const cutPair =
          /[\uD800-\uDBFF]/.test(lastKept) &&
          /[\uDC00-\uDFFF]/.test(text[clipped.length - 1] ?? '');
        expect(cutPair).toBe(false);
      }
    }),
  );
});
