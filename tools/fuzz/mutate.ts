import type { Random } from '../random.ts';

/** Texts that break careless code. */
const TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ufeff',
  '\ud800',
  '\u202e',
  'ä',
  '钥匙',
  '__proto__',
  'constructor',
  'null',
  '0',
  '-1',
  '1e400',
  '100%',
  '../../etc/passwd',
  '%2e%2e%2f',
  '%',
  '%ff',
  '*',
  "'; --",
  '${jndi:x}',
  'sha256:',
  'i-',
  'ro-',
  'a'.repeat(300),
  '\n{"level":"error"}',
];

const NUMBERS = [0, -0, 1, -1, 0.5, 1e21, -1e308, 2 ** 31, 2 ** 53, 2 ** 53 + 2];

/** Texts in place of a JSON value that `JSON.stringify` would never write. */
const RAW = ['1e400', '-0', '01', 'NaN', '{"a":1,"a":2}', '[1,]', '"\\ud800"', '\u00a0', '"\t"'];

export function anyText(random: Random): string {
  if (random.chance(0.7)) return random.pick(TEXTS);
  return Array.from({ length: random.between(0, 20) }, () =>
    String.fromCharCode(random.between(0, random.chance(0.5) ? 0x7f : 0xffff)),
  ).join('');
}

function anyValue(random: Random): unknown {
  const text = () => anyText(random);
  return random.pick<() => unknown>([
    () => null,
    () => random.chance(0.5),
    () => random.pick(NUMBERS),
    () => Array.from({ length: random.between(0, 3) }, () => anyValue(random)),
    () => ({ [anyText(random)]: anyText(random) }),
    text,
    text,
  ])();
}

/** The value with one thing changed somewhere inside. */
export function mutateValue(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return anyValue(random);
  if (Array.isArray(value)) return mutateList(value, random);
  const entries = Object.entries(value);
  const at = random.between(0, Math.max(0, entries.length - 1));
  switch (entries.length === 0 ? 0 : random.between(0, 5)) {
    case 0:
      return Object.fromEntries([...entries, [anyText(random), anyValue(random)]]);
    case 1:
      return Object.fromEntries(entries.toSpliced(at, 1));
    default: {
      const [key, inner] = entries[at]!;
      return Object.fromEntries(entries.with(at, [key, mutateValue(inner, random)]));
    }
  }
}

function mutateList(list: readonly unknown[], random: Random): unknown[] {
  const at = random.between(0, Math.max(0, list.length - 1));
  switch (list.length === 0 ? 0 : random.between(0, 4)) {
    case 0:
      return [...list, anyValue(random)];
    case 1:
      return list.toSpliced(at, 1);
    case 2:
      return [...list, list[at]];
    default:
      return list.with(at, mutateValue(list[at], random));
  }
}

/** The value as JSON, sometimes with something in it that is not valid JSON. */
export function jsonText(value: unknown, random: Random): string {
  const text = JSON.stringify(value) ?? '';
  if (!random.chance(0.15)) return text;
  return random.pick([
    () => {
      const depth = random.pick([10, 31, 32, 33, 40, 20_000]);
      return `${'['.repeat(depth)}${text}${']'.repeat(depth)}`;
    },
    () => text.replace(/"([^"]+)":/, '"$1":1,"$1":'),
    () => text.replace('{', '{"__proto__":{"admin":true},'),
    () => text.replace(/:[^,{}[\]]+/, () => `:${random.pick(RAW)}`),
    () => `\ufeff${text}`,
  ])();
}

/** Changes, removes, doubles or inserts a few bytes, or cuts off the end. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  let mutated = bytes;
  for (let left = random.between(1, 4); left > 0; left -= 1) mutated = mutateOnce(mutated, random);
  return mutated;
}

function mutateOnce(bytes: Buffer, random: Random): Buffer {
  const at = random.between(0, bytes.length);
  const some = random.between(1, 8);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const flip = () => {
    const flipped = Buffer.from(bytes);
    if (at < bytes.length) flipped[at] = flipped[at]! ^ (1 << random.between(0, 7));
    return flipped;
  };
  return random.pick([
    () => Buffer.concat([before, anyBytes(some, random), after]),
    () => Buffer.concat([before, after.subarray(some)]),
    () => Buffer.concat([before, after.subarray(0, some), after]),
    () => Buffer.concat([before, anyBytes(some, random), after.subarray(some)]),
    () =>
      random.chance(0.2) ? before : Buffer.concat([before, Buffer.from(anyText(random)), after]),
    flip,
  ])();
}

export function anyBytes(length: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 255)));
}
