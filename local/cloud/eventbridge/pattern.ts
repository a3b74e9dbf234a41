import { OPERATORS, type Test } from './operators.ts';

/** Whether an event matches a rule. */
export type Pattern = (event: unknown) => boolean;

/** A pattern that EventBridge refuses. The message begins with the path of the fault. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/**
 * The most expressions in map form for one field:
 * https://help.aliyun.com/en/eventbridge/product-overview/limits
 */
const MAX_EXPRESSIONS = 5;

/**
 * Compiles an event pattern: https://www.alibabacloud.com/help/en/doc-detail/181432.htm. Keys are
 * ANDed, the values of a field ORed; a pattern is nested like the event. An array in the event
 * matches if one of its elements does. `{}` takes every event.
 *
 * @throws {PatternError} with the path, for example `$.data.errorCode[0].exists`
 */
export function compilePattern(pattern: unknown): Pattern {
  return node(pattern, '$');
}

type Node = (value: unknown) => boolean;

function node(pattern: unknown, path: string): Node {
  if (!isMap(pattern)) return refuse(path, 'an object is wanted');
  const fields = Object.entries(pattern).map(([key, inner]): [string, Node] => {
    const at = `${path}.${key}`;
    return [key, Array.isArray(inner) ? leaf(inner, at) : node(inner, at)];
  });
  const matches: Node = (value) =>
    fields.every(([key, test]) =>
      test(isMap(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    );
  return (value) => (Array.isArray(value) ? value.some(matches) : matches(value));
}

function leaf(alternatives: readonly unknown[], path: string): Node {
  if (alternatives.length === 0) return refuse(path, 'at least one value is wanted');
  if (alternatives.filter(isMap).length > MAX_EXPRESSIONS) {
    return refuse(path, `at most ${MAX_EXPRESSIONS} expressions are taken`);
  }
  const tests = alternatives.map((alternative, index) => {
    const at = `${path}[${index}]`;
    return isMap(alternative) ? expression(alternative, at) : exact(alternative, at);
  });
  return (value) => tests.some((test) => test(value));
}

function expression(map: Readonly<Record<string, unknown>>, path: string): Test {
  const [name, ...more] = Object.keys(map);
  if (name === undefined || more.length > 0) return refuse(path, 'exactly one operator is wanted');
  const compile = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  const at = `${path}.${name}`;
  if (compile === undefined) return refuse(at, `one of ${Object.keys(OPERATORS).join(', ')}`);
  const test = compile(map[name], (why) => refuse(at, why));
  // An empty array exists, but has no element that could match.
  if (name === 'exists') return test;
  return anyElement(test);
}

function exact(wanted: unknown, path: string): Test {
  if (typeof wanted === 'object' && wanted !== null) return refuse(path, 'a plain value is wanted');
  return anyElement((value) => value === wanted);
}

function anyElement(test: Test): Test {
  return (value) => (Array.isArray(value) ? value.some(test) : test(value));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(path: string, why: string): never {
  throw new PatternError(`Cannot use pattern at ${path}: ${why}`);
}
