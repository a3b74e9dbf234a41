/** An invalid seed. The message names the field, its value and the rule. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

export function refuseSeed(field: string, value: unknown, rule: string): never {
  throw new SeedError(`Cannot seed ${field} ${JSON.stringify(value) ?? 'undefined'}: ${rule}`);
}

/** Reads the fields of one object of a seed, each by its rule. */
export class SeedFields {
  readonly #path: string;
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(path: string, value: unknown, known: readonly string[]) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      refuseSeed(path, value, 'must be an object');
    }
    this.#path = path;
    this.#fields = value as Record<string, unknown>;
    for (const name of Object.keys(this.#fields)) {
      if (!known.includes(name)) this.refuse(name, `unknown field, one of ${known.join(', ')}`);
    }
  }

  refuse(name: string, rule: string): never {
    const field = this.#path === '' ? name : `${this.#path}.${name}`;
    return refuseSeed(field, this.#fields[name], rule);
  }

  has(name: string): boolean {
    return this.#fields[name] !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#fields[name];
    if (value === undefined || (typeof value === 'string' && value !== '')) return value;
    return this.refuse(name, 'must be a text that is not empty');
  }

  textOrNull(name: string): string | null | undefined {
    return this.#fields[name] === null ? null : this.text(name);
  }

  flag(name: string): boolean | undefined {
    const value = this.#fields[name];
    return value === undefined || typeof value === 'boolean'
      ? value
      : this.refuse(name, 'must be true or false');
  }

  count(name: string, max: number): number | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 1;
    return isCount && value <= max
      ? value
      : this.refuse(name, `must be a whole number, 1 to ${max}`);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.#fields[name];
    if (value === undefined) return undefined;
    const found = allowed.find((one) => one === value);
    return found ?? this.refuse(name, `must be one of ${allowed.join(', ')}`);
  }

  someOf<T extends string>(name: string, allowed: readonly T[]): T[] {
    const items = this.list(name);
    const found = items.map((item) => allowed.find((one) => one === item));
    const wanted = `must be a list of ${allowed.join(', ')}`;
    return found.map((one) => one ?? this.refuse(name, wanted));
  }

  texts(name: string): string[] {
    return this.list(name).map((item) =>
      typeof item === 'string' && item !== '' ? item : this.refuse(name, 'must be a list of texts'),
    );
  }

  list(name: string): unknown[] {
    const value = this.#fields[name] ?? [];
    return Array.isArray(value) ? value : this.refuse(name, 'must be a list');
  }

  textMap(name: string): Map<string, string> {
    const value = this.#fields[name] ?? {};
    const rule = 'must be an object of texts';
    if (typeof value !== 'object' || Array.isArray(value)) return this.refuse(name, rule);
    return new Map(
      Object.entries(value).map(([key, item]) =>
        typeof item === 'string' ? [key, item] : this.refuse(name, rule),
      ),
    );
  }
}
