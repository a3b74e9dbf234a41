import fc from 'fast-check';
import { test } from 'vitest';
import { compilePattern, PatternError } from '../../../local/cloud/eventbridge/pattern.ts';

const EVENT = {
  source: 'acs.ecs',
  type: 'ecs:ActionTrail:ConsoleOperation',
  subject: '',
  data: {
    eventName: 'RunInstances',
    count: 5,
    dry: false,
    nothing: null,
    sourceIpAddress: '10.0.0.200',
    ids: ['i-1', 'i-2'],
    none: [],
    disks: [{ size: 20, kind: 'system' }, { size: 100 }],
  },
};

const MATCH: readonly (readonly [string, unknown])[] = [
  ['an empty pattern', {}],
  ['an exact value', { source: ['acs.ecs'] }],
  ['one of several', { source: ['acs.oss', 'acs.ecs'] }],
  ['a prefix', { source: [{ prefix: 'acs.' }] }],
  ['a suffix', { type: [{ suffix: ':ConsoleOperation' }] }],
  ['a part', { type: [{ contains: ':ActionTrail:' }] }],
  ['anything but a string', { source: [{ 'anything-but': 'acs.oss' }] }],
  ['anything but a number', { data: { count: [{ 'anything-but': 6 }] } }],
  ['anything but a list', { source: [{ 'anything-but': ['acs.oss', 'acs.fc'] }] }],
  ['anything but a prefix', { source: [{ 'anything-but': { prefix: 'custom.' } }] }],
  ['anything but, of null', { data: { nothing: [{ 'anything-but': 'a' }] } }],
  ['a range', { data: { count: [{ numeric: ['>', 0, '<=', 5] }] } }],
  ['one number', { data: { count: [{ numeric: ['=', 5] }] } }],
  ['a block of addresses', { data: { sourceIpAddress: [{ cidr: '10.0.0.0/24' }] } }],
  ['a field that is there', { data: { eventName: [{ exists: true }] } }],
  ['a field that is null is there', { data: { nothing: [{ exists: true }] } }],
  ['a field that is not there', { data: { errorCode: [{ exists: false }] } }],
  ['a field in something that is not there', { detail: { errorCode: [{ exists: false }] } }],
  ['the empty string', { subject: [''] }],
  ['null', { data: { nothing: [null] } }],
  ['a number', { data: { count: [5] } }],
  ['a boolean', { data: { dry: [false] } }],
  ['an element of an array', { data: { ids: ['i-2'] } }],
  ['an operator on an element', { data: { ids: [{ suffix: '-1' }] } }],
  ['a field of an element', { data: { disks: { size: [{ numeric: ['>', 50] }] } } }],
  ['an array that is empty exists', { data: { none: [{ exists: true }] } }],
  ['all keys', { source: [{ prefix: 'acs.' }], data: { eventName: ['RunInstances'], count: [5] } }],
];

for (const [what, pattern] of MATCH) {
  test(`${what} matches`, ({ expect }) => {
    expect(compilePattern(pattern)(EVENT)).toBe(true);
  });
}

const MISS: readonly (readonly [string, unknown])[] = [
  ['another case', { source: ['ACS.ECS'] }],
  ['a prefix in the middle', { source: [{ prefix: 'ecs' }] }],
  ['a suffix in the middle', { source: [{ suffix: 'acs' }] }],
  ['a part that is not there', { type: [{ contains: 'ApiCall' }] }],
  ['anything but itself', { source: [{ 'anything-but': 'acs.ecs' }] }],
  ['anything but its own prefix', { source: [{ 'anything-but': { prefix: 'acs.' } }] }],
  ['anything but, of a field not there', { data: { errorCode: [{ 'anything-but': 'a' }] } }],
  ['out of the range below', { data: { count: [{ numeric: ['>', 5] }] } }],
  ['out of the range above', { data: { count: [{ numeric: ['>', 0, '<', 5] }] } }],
  ['a numeric test of text', { source: [{ numeric: ['>', 0] }] }],
  ['another block', { data: { sourceIpAddress: [{ cidr: '10.0.1.0/24' }] } }],
  ['an address that is none', { source: [{ cidr: '0.0.0.0/0' }] }],
  ['a number as text', { data: { count: ['5'] } }],
  ['the empty string for a field not there', { data: { errorCode: [''] } }],
  ['null for a field not there', { data: { errorCode: [null] } }],
  ['exists: false of what is there', { source: [{ exists: false }] }],
  ['exists: true of what is not', { data: { errorCode: [{ exists: true }] } }],
  ['an element that is not there', { data: { ids: ['i-3'] } }],
  ['an empty array', { data: { none: [{ 'anything-but': 'a' }] } }],
  ['one key of two', { source: ['acs.ecs'], type: ['another'] }],
  ['two fields of different elements', { data: { disks: { size: [100], kind: ['system'] } } }],
  ['a prototype field', { constructor: [{ exists: true }] }],
];

for (const [what, pattern] of MISS) {
  test(`${what} does not match`, ({ expect }) => {
    expect(compilePattern(pattern)(EVENT)).toBe(false);
  });
}

const WRONG: readonly (readonly [unknown, string])[] = [
  [[], '$: an object'],
  ['acs.ecs', '$: an object'],
  [{ source: 'acs.ecs' }, '$.source: an object'],
  [{ source: [] }, '$.source: at least one value'],
  [{ data: { eventName: [['RunInstances']] } }, '$.data.eventName[0]: a plain value'],
  [{ source: [{}] }, '$.source[0]: exactly one operator'],
  [{ source: [{ prefix: 'a', suffix: 'b' }] }, '$.source[0]: exactly one operator'],
  [{ source: [{ wildcard: '*' }] }, '$.source[0].wildcard: one of prefix'],
  [{ source: [{ toString: 'a' }] }, '$.source[0].toString: one of prefix'],
  [{ source: [{ prefix: 1 }] }, '$.source[0].prefix: a string'],
  [{ source: ['a', { exists: 'no' }] }, '$.source[1].exists: true or false'],
  [{ count: [{ numeric: ['>', '0'] }] }, '$.count[0].numeric: a number'],
  [{ count: [{ numeric: ['!', 0] }] }, '$.count[0].numeric: unknown comparison "!"'],
  [{ count: [{ numeric: ['>'] }] }, '$.count[0].numeric: one or two comparisons'],
  [{ ip: [{ cidr: '10.0.0.0' }] }, '$.ip[0].cidr: an IPv4 block'],
  [{ ip: [{ cidr: '10.0.0.0/33' }] }, '$.ip[0].cidr: an IPv4 block'],
  [{ ip: [{ cidr: '::1/64' }] }, '$.ip[0].cidr: an IPv4 block'],
  [{ a: [{ 'anything-but': { suffix: 'x' } }] }, '$.a[0].anything-but: "anything-but" takes'],
  [{ a: [{ 'anything-but': [] }] }, '$.a[0].anything-but: a string, a number'],
  [{ a: Array.from({ length: 6 }, () => ({ prefix: 'x' })) }, '$.a: at most 5'],
];

for (const [pattern, message] of WRONG) {
  test(`${JSON.stringify(pattern)} is refused at its place`, ({ expect }) => {
    expect(() => compilePattern(pattern)).toThrow(PatternError);
    expect(() => compilePattern(pattern)).toThrow(`Cannot use pattern at ${message}`);
  });
}

const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const key = fc.string({ minLength: 1 }).filter((name) => name !== '__proto__');

test('a pattern made of an event itself matches it, and misses it with one value changed', ({
  expect,
}) => {
  fc.assert(
    fc.property(fc.dictionary(key, plain, { minKeys: 1 }), fc.nat(), (data, at) => {
      const pattern = Object.fromEntries(Object.entries(data).map(([name, one]) => [name, [one]]));
      expect(compilePattern({ data: pattern })({ data })).toBe(true);
      const name = Object.keys(data)[at % Object.keys(data).length]!;
      const changed = { ...data, [name]: `${String(data[name])}, changed` };
      expect(compilePattern({ data: pattern })({ data: changed })).toBe(false);
    }),
  );
});

test('anything-but is the opposite of a list of values', ({ expect }) => {
  const small = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b', ''));
  fc.assert(
    fc.property(fc.array(small, { minLength: 1 }), small, (list, value) => {
      const within = compilePattern({ v: list })({ v: value });
      const without = compilePattern({ v: [{ 'anything-but': list }] })({ v: value });
      expect(without).toBe(!within);
    }),
  );
});

test('values are ORed and keys are ANDed', ({ expect }) => {
  const bit = fc.constantFrom('a', 'b', 'c');
  fc.assert(
    fc.property(bit, bit, bit, bit, (x, y, first, second) => {
      const either = compilePattern({ x: [first, second] })({ x, y });
      expect(either).toBe(x === first || x === second);
      const both = compilePattern({ x: [first], y: [{ prefix: second }] })({ x, y });
      expect(both).toBe(x === first && y === second);
    }),
  );
});

test('a block holds exactly the addresses that share its first bits', ({ expect }) => {
  const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
  const bits = (parts: readonly number[]) =>
    parts.map((part) => part.toString(2).padStart(8, '0')).join('');
  fc.assert(
    fc.property(
      address,
      address,
      fc.integer({ min: 0, max: 32 }),
      fc.boolean(),
      (a, b, n, near) => {
        // Near ones share the first bytes, so that both answers come up.
        const other = near ? [a[0], a[1], a[2], b[3]] : b;
        const matches = compilePattern({ ip: [{ cidr: `${a.join('.')}/${n}` }] });
        expect(matches({ ip: other.join('.') })).toBe(
          bits(a).slice(0, n) === bits(other).slice(0, n),
        );
      },
    ),
  );
});
