import fc from 'fast-check';
import { describe, test } from 'vitest';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { pointerOf } from '../../../shared/lib/pointer.ts';
import { readStrictJson } from '../../../shared/contract/read-strict-json.ts';

const read = (text: string | Uint8Array) => readStrictJson(text, 'the request');

function refusalOf(text: string | Uint8Array): LatchkeyError | undefined {
  try {
    read(text);
    return undefined;
  } catch (error) {
    if (error instanceof LatchkeyError) return error;
    throw error;
  }
}

/** In the manner of https://github.com/nst/JSONTestSuite: what every reader must take, and must not. */
const MUST_TAKE = [
  '[]',
  '{}',
  ' [ ] ',
  'null',
  '""',
  '" "',
  '-0',
  '0e+1',
  '123.456e78',
  '[1,null,true,"a",{"a":[]}]',
  '{"":0}',
  '{"a":"b","b":"a"}',
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":2}]',
  '{"title":"\\u041f\\u043e \\"{[,:]}\\" \\\\"}',
  String.raw`["\\\"{\"a\":1,\"a\":2}"]`,
  '{"\\u0000":1}',
  '["\u2028"]',
  '"\uD83D\uDE00"',
  '\t\n\r {"a"\n:\n1}\n',
];
const MUST_REFUSE = [
  '',
  ' ',
  '[',
  ']',
  '{',
  '[1,]',
  '[,1]',
  '[1 2]',
  '[1],',
  '[1]]',
  '{]',
  '[}',
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  '{,"a":1}',
  '{"a":1 "b":2}',
  '{"a" 1}',
  '{a:1}',
  "{'a':1}",
  '{1:1}',
  '{"a":1}}',
  '{"a":1}{"a":1}',
  '{"a":1}/**/',
  '// a\n{}',
  '"',
  '"\\"',
  '"\\',
  '"a\nb"',
  '"\\x41"',
  '"\\u12"',
  '01',
  '+1',
  '.1',
  '1.',
  '1e',
  '0x1',
  'NaN',
  'Infinity',
  '-',
  'True',
  'nul',
  'undefined',
  '\u00a0[]',
  '\ufeff{}',
];

test.for(MUST_TAKE)('takes %s', (text, { expect }) => {
  expect(read(text)).toEqual(JSON.parse(text));
  expect(read(Buffer.from(text))).toEqual(JSON.parse(text));
});

test.for(MUST_REFUSE)('refuses %s', (text, { expect }) => {
  for (const given of [text, Buffer.from(text)]) {
    expect(refusalOf(given)).toMatchObject({
      code: 'bad-request',
      message: 'Cannot read the request: not JSON',
    });
  }
});

test.for([
  ['a byte that is none of UTF-8', [0x22, 0xff, 0x22]],
  ['a character that is cut off', [0x22, 0xc3, 0x22]],
  ['a slash in more bytes than it needs', [0x22, 0xc0, 0xaf, 0x22]],
  ['half a pair as a character', [0x22, 0xed, 0xa0, 0x80, 0x22]],
] as const)('refuses %s', ([, bytes], { expect }) => {
  expect(refusalOf(Uint8Array.from(bytes))?.message).toBe('Cannot read the request: not UTF-8');
});

test('refuses UTF-16, and a byte order mark', ({ expect }) => {
  expect(refusalOf(Buffer.from('{}', 'utf16le'))?.code).toBe('bad-request');
  expect(refusalOf(Buffer.from('\ufeff{}'))?.message).toBe('Cannot read the request: not JSON');
});

describe('names', () => {
  test.for([
    ['{"a":1,"a":1}', '/a', 'comes twice'],
    ['{"a":1,"b":2,"a":3}', '/a', 'comes twice'],
    ['{"a":1,"\\u0061":2}', '/a', 'comes twice'],
    ['{"":1,"":2}', '/', 'comes twice'],
    ['{"x":{"b":[0,{"c":1,"c":2}]}}', '/x/b/1/c', 'comes twice'],
    ['[[],[[{"a":[],"a":{}}]]]', '/1/0/0/a', 'comes twice'],
    ['{"a":{"b":1},"c":{"b":1},"a":1}', '/a', 'comes twice'],
    ['{"a/b":{"~":1,"~":2}}', '/a~1b/~0', 'comes twice'],
    ['{"a":"x,\\"a\\":","a":1}', '/a', 'comes twice'],
    ['{"__proto__":{}}', '/__proto__', 'cannot be the name of a field'],
    ['{"a":[{"\\u005f_proto__":1}]}', '/a/0/__proto__', 'cannot be the name of a field'],
    ['{"constructor":1}', '/constructor', 'cannot be the name of a field'],
    ['{"a":{"prototype":1}}', '/a/prototype', 'cannot be the name of a field'],
  ] as const)('%s is refused at "%s"', ([text, pointer, why], { expect }) => {
    const refusal = refusalOf(text);
    expect(refusal?.code).toBe('bad-request');
    const [fault] = refusal?.details.faults ?? [];
    expect(fault?.detail).toBe(`Cannot be read: ${why}`);
    expect(pointerOf(fault?.path ?? [])).toBe(pointer);
  });

  test.for(['["__proto__"]', '{"a":"constructor"}', '["a","a"]', '{"a":"a","b":"a"}'])(
    'what is no name in %s may be anything',
    (text, { expect }) => {
      expect(read(text)).toEqual(JSON.parse(text));
    },
  );

  test('a long one is not repeated whole', ({ expect }) => {
    const name = 'n'.repeat(10_000);
    expect(refusalOf(`{"${name}":1,"${name}":2}`)?.message.length).toBeLessThan(200);
  });
});

test('32 levels are read, 33 are not', ({ expect }) => {
  const nested = (depth: number, open: string, close: string) =>
    open.repeat(depth) + (open === '[' ? '' : '1') + close.repeat(depth);
  for (const [open, close] of [
    ['[', ']'],
    ['{"a":', '}'],
  ] as const) {
    expect(refusalOf(nested(32, open, close))).toBeUndefined();
    expect(refusalOf(nested(33, open, close))?.message).toBe(
      'Cannot read the request: nested more than 32 deep',
    );
  }
  // Side by side is no nesting.
  expect(read(`[${'[{}],'.repeat(100)}1]`)).toHaveLength(101);
  // Brackets in a text are none, either.
  expect(read(`["${'['.repeat(100)}"]`)).toEqual(['['.repeat(100)]);
});

/** Any JSON, and a text of it: with any white space, any character escaped. */
const jsonTree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(null, true, false, 0, -1.5e300, '', '"', '\\', '{"a":1,"a":2}', 'ü', '😀'),
    fc.string({ unit: 'grapheme' }),
    fc.array(tie('node'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom('a', 'b', '/', '~', '"', '\\', '', ' ', 'ключ', 'a,"b":'),
      tie('node'),
      { maxKeys: 4 },
    ),
  ),
})).node;
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);

function textOf(value: unknown, gap: () => string, escape: (text: string) => string): string {
  const inner = (one: unknown) => gap() + textOf(one, gap, escape) + gap();
  if (typeof value === 'string') return escape(value);
  if (Array.isArray(value)) return `[${value.map(inner).join(',') || gap()}]`;
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(
      ([name, field]) => `${gap()}${escape(name)}${gap()}:${inner(field)}`,
    );
    return `{${fields.join(',') || gap()}}`;
  }
  return JSON.stringify(value);
}

/** Each character as itself or as `\uXXXX`. */
function escaping(asCode: () => boolean): (text: string) => string {
  return (text) => {
    const units = Array.from({ length: text.length }, (_, i) => {
      const code = `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`;
      return asCode() ? code : JSON.stringify(text[i]).slice(1, -1);
    });
    return `"${units.join('')}"`;
  };
}

const written = fc
  .tuple(jsonTree, fc.infiniteStream(space), fc.infiniteStream(fc.boolean()))
  .map(([value, spaces, codes]) => {
    const gap = () => spaces.next().value!;
    const isCode = () => codes.next().value!;
    return { value, text: textOf(value, gap, escaping(isCode)) };
  });

test('reads every JSON without duplicates as JSON.parse does', ({ expect }) => {
  fc.assert(
    fc.property(written, ({ text }) => {
      expect(read(text)).toEqual(JSON.parse(text));
    }),
  );
});

/** Every object of the value, with its pointer. */
function objectsIn(value: unknown, pointer = ''): [pointer: string, object: object][] {
  if (typeof value !== 'object' || value === null) return [];
  const parts = Object.entries(value).flatMap(([key, one]) =>
    objectsIn(one, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  );
  return Array.isArray(value) ? parts : [[pointer, value], ...parts];
}

test('finds a name that comes twice, however it is written, wherever it is', ({ expect }) => {
  fc.assert(
    fc.property(jsonTree, fc.nat(), fc.nat(), fc.boolean(), (value, which, name, asCode) => {
      const objects = objectsIn(value).filter(([, object]) => Object.keys(object).length > 0);
      fc.pre(objects.length > 0);
      const [pointer, object] = objects[which % objects.length]!;
      const names = Object.keys(object);
      const twice = names[name % names.length]!;
      // A name that nothing else has stands for the repetition while the text is made.
      const marked = structuredClone(value);
      const target = pointer
        .split('/')
        .slice(1)
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
        .reduce((one, key) => (one as Record<string, unknown>)[key], marked);
      Object.assign(target as object, { 'the mark': 1 });
      const text = JSON.stringify(marked).replace(
        '"the mark"',
        escaping(() => asCode)(twice).replaceAll('$', '$$$$'),
      );
      const at = `${pointer}/${twice.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      expect(pointerOf(refusalOf(text)?.details.faults?.[0]?.path ?? [])).toBe(at);
    }),
  );
});

test('takes what JSON.parse takes, of any text that looks like JSON', ({ expect }) => {
  const piece = fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'a', '1', ' ', 'null');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      const refusal = refusalOf(text);
      if (isJson) expect(refusal?.details.faults ?? [{}]).toHaveLength(1);
      else expect(refusal?.message).toBe('Cannot read the request: not JSON');
    }),
    { numRuns: 2_000 },
  );
});

test.for([
  ['a text without an end, full of escaped quotes', String.raw`"${String.raw`\"`.repeat(150_000)}`],
  ['brackets', '['.repeat(300_000)],
  ['one long text', `"${'a'.repeat(300_000)}"`],
  ['twenty thousand names', `{${Array.from({ length: 20_000 }, (_, i) => `"${i}":1`).join()}}`],
  ['backslashes', `"${'\\'.repeat(300_000)}`],
] as const)('takes no more than time in proportion for %s', ([, text], { expect }) => {
  const before = process.cpuUsage();
  refusalOf(text);
  const { user } = process.cpuUsage(before);
  // Of the processor, whatever else it has to do: some 0.1 s in proportion, minutes with the square.
  expect(user / 1_000_000).toBeLessThan(5);
});
