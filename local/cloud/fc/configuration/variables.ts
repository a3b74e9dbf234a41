import { dirname, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';

/** Where the values of `${…}` come from (https://docs.serverless-devs.com/user-guide/spec/). */
export interface VariableSources {
  readonly sYamlPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The values of `${config('AccountID')}` and the like. */
  readonly config: Readonly<Record<string, string>>;
}

const WHOLE = /^\$\{([^{}]+)\}$/;
const PART = /\$\{([^{}]+)\}/g;
/** The deepest chain of variables that name variables. Deeper counts as a circle. Our own choice. */
const MAX_DEPTH = 16;

/**
 * The same document with every `${vars.x}`, `${env.X}`, `${env('X', default)}`, `${config('X')}`,
 * `${path('x')}`, `${this.x}` and `${resources.x.y}` replaced. A text that consists of one
 * variable gets the type of its value.
 *
 * @throws {ConfigError} with the place of a variable that has no value
 */
export function resolveVariables(document: unknown, sources: VariableSources): unknown {
  const root = document as Record<string, unknown>;

  function walk(value: unknown, place: string, self: unknown, depth: number): unknown {
    if (typeof value === 'string') return text(value, place, self, depth);
    if (Array.isArray(value)) {
      return value.map((item, i) => walk(item, `${place}[${i}]`, self, depth));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const inner = place === '' ? key : `${place}.${key}`;
        return [key, walk(item, inner, place === 'resources' ? item : self, depth)];
      }),
    );
  }

  function text(value: string, place: string, self: unknown, depth: number): unknown {
    if (depth > MAX_DEPTH) throw new ConfigError(place, 'names variables that form a circle');
    const whole = WHOLE.exec(value);
    if (whole !== null) return evaluate(whole[1]!, place, self, depth);
    return value.replace(PART, (_, inner: string) => {
      const found = evaluate(inner, place, self, depth);
      if (typeof found === 'string') return found;
      if (typeof found === 'number' || typeof found === 'boolean') return String(found);
      throw new ConfigError(
        place,
        `puts "${inner}", which is not a string, number or boolean, into a string`,
      );
    });
  }

  function evaluate(source: string, place: string, self: unknown, depth: number): unknown {
    const expression = source.trim();
    const literal = /^(?:'([^']*)'|"([^"]*)")$/.exec(expression);
    if (literal !== null) return literal[1] ?? literal[2];
    if (/^-?\d+(?:\.\d+)?$/.test(expression)) return Number(expression);
    if (expression === 'true' || expression === 'false') return expression === 'true';
    const call = /^(env|config|path)\(\s*(?:'([^']*)'|"([^"]*)")\s*(?:,(.*))?\)$/s.exec(expression);
    if (call !== null) {
      const [, name, single, double, otherwise] = call;
      const found = named(name!, (single ?? double)!);
      if (found !== undefined) return found;
      if (otherwise !== undefined) return evaluate(otherwise, place, self, depth);
    } else {
      const [first, ...path] = expression.split('.');
      if ((first === 'env' || first === 'config') && path.length === 1) {
        const found = named(first, path[0]!);
        if (found !== undefined) return found;
      }
      const start = first === 'this' ? self : first === 'vars' ? root['vars'] : root['resources'];
      if (first === 'this' || first === 'vars' || first === 'resources') {
        const found = path.reduce<unknown>(
          (at, key) =>
            typeof at === 'object' && at !== null ? at[key as keyof typeof at] : undefined,
          start,
        );
        if (found !== undefined && found !== null) return walk(found, place, self, depth + 1);
      }
    }
    throw new ConfigError(place, `names "\${${source}}", which has no value`);
  }

  function named(kind: string, name: string): string | undefined {
    if (kind === 'env') return sources.env[name];
    if (kind === 'config') return sources.config[name];
    return resolve(dirname(sources.sYamlPath), name);
  }

  return walk(document, '', undefined, 0);
}
