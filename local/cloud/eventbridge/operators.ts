import { cidrMatcher } from './cidr.ts';

/** Whether one value of an event matches an expression. The value is undefined when the event has none. */
export type Test = (value: unknown) => boolean;

/** Refuses an expression. The caller adds its path. */
export type Refuse = (why: string) => never;

type Compile = (argument: unknown, refuse: Refuse) => Test;

const textual = (test: (value: string, wanted: string) => boolean): Compile => {
  return (argument, refuse) => {
    if (typeof argument !== 'string') return refuse('a string is wanted');
    return (value) => typeof value === 'string' && test(value, argument);
  };
};

const anythingBut: Compile = (argument, refuse) => {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) {
    const [name, ...more] = Object.keys(argument);
    if (name !== 'prefix' || more.length > 0) return refuse('"anything-but" takes "prefix" only');
    const starts = OPERATORS['prefix']!((argument as { prefix: unknown }).prefix, refuse);
    return (value) => value !== undefined && !starts(value);
  }
  const excluded: readonly unknown[] = Array.isArray(argument) ? argument : [argument];
  const plain = (one: unknown) => typeof one === 'string' || typeof one === 'number';
  if (excluded.length === 0 || !excluded.every(plain)) {
    return refuse('a string, a number or a list of them is wanted');
  }
  const values = new Set<unknown>(excluded);
  return (value) => value !== undefined && !values.has(value);
};

const COMPARE: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
};

const numeric: Compile = (argument, refuse) => {
  if (!Array.isArray(argument) || (argument.length !== 2 && argument.length !== 4)) {
    return refuse('one or two comparisons are wanted, as in [">", 0, "<=", 5]');
  }
  const parts: readonly unknown[] = argument;
  const tests = [0, 2]
    .filter((index) => index < parts.length)
    .map((index) => {
      const [sign, bound] = [parts[index], parts[index + 1]];
      const compare = typeof sign === 'string' && Object.hasOwn(COMPARE, sign) && COMPARE[sign];
      if (!compare) return refuse(`unknown comparison ${JSON.stringify(sign)}`);
      if (typeof bound !== 'number') return refuse('a number is wanted after the comparison');
      return (value: number) => compare(value, bound);
    });
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
};

const cidr: Compile = (argument, refuse) => {
  const matches = typeof argument === 'string' ? cidrMatcher(argument) : undefined;
  if (matches === undefined) return refuse('an IPv4 block is wanted, as in "10.0.0.0/24"');
  return (value) => typeof value === 'string' && matches(value);
};

const exists: Compile = (argument, refuse) => {
  if (typeof argument !== 'boolean') return refuse('true or false is wanted');
  return (value) => (value !== undefined) === argument;
};

/** https://www.alibabacloud.com/help/en/doc-detail/181432.htm */
export const OPERATORS: Readonly<Record<string, Compile>> = {
  prefix: textual((value, wanted) => value.startsWith(wanted)),
  suffix: textual((value, wanted) => value.endsWith(wanted)),
  contains: textual((value, wanted) => value.includes(wanted)),
  'anything-but': anythingBut,
  numeric,
  cidr,
  exists,
};
