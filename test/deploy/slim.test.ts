import { runInNewContext } from 'node:vm';
import { test } from 'vitest';
import { withoutMethods } from '../../tools/build/slim.ts';

const CLASS = `class Client {
    async one(a) {
        return 1;

    }
    two(b, c) {
        if (b) {
            return 2;
        }
    }
}
exports.Client = Client;
`;

function instanceOf(text: string): Record<string, (...given: unknown[]) => unknown> {
  const exports: { Client?: new () => Record<string, () => unknown> } = {};
  runInNewContext(text, { exports });
  return new exports.Client!();
}

test('a method that is left out says so when it is called, and the others stay', async ({
  expect,
}) => {
  const client = instanceOf(withoutMethods(CLASS, ['one']));
  await expect(client['one']!()).rejects.toThrow('Cannot use "one": it is not part of the bundle');
  expect(client['two']!(true)).toBe(2);
});

test.for([
  ['is not there', 'three'],
  ['goes by a part of its name', 'on'],
] as const)('one that %s fails the build', ([, name], { expect }) => {
  expect(() => withoutMethods(CLASS, [name])).toThrow(`Cannot leave out "${name}": found 0 times`);
});

test('so does a text that is laid out otherwise', ({ expect }) => {
  const text = CLASS.replaceAll('    ', '\t');
  expect(() => withoutMethods(text, ['two'])).toThrow('Cannot leave out "two": found 0 times');
});
