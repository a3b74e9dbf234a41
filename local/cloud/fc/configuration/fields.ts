import { ConfigError } from './config-error.ts';

/**
 * Reads the fields of one YAML mapping. Every error names the place. `done` refuses the fields that were never
 * read, so that a mistyped name does not go unnoticed.
 */
export class Fields {
  readonly place: string;
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  /** @throws {ConfigError} when `value` is not a mapping */
  constructor(value: unknown, place: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ConfigError(place, 'must be a mapping');
    }
    this.place = place;
    this.#values = value as Record<string, unknown>;
  }

  at(name: string): string {
    return this.place === '' ? name : `${this.place}.${name}`;
  }

  raw(name: string): unknown {
    this.#asked.add(name);
    return this.#values[name] ?? undefined;
  }

  /** Every field, whatever its name. */
  all(): Readonly<Record<string, unknown>> {
    this.ignore(...Object.keys(this.#values));
    return this.#values;
  }

  /** Fields that only the real cloud needs. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  text(name: string): string;
  text(name: string, otherwise: string | undefined): string | undefined;
  text(name: string, ...otherwise: readonly (string | undefined)[]): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return this.#missing(name, otherwise);
    if (typeof value !== 'string' || value === '') {
      throw new ConfigError(this.at(name), 'must be a string');
    }
    return value;
  }

  oneOf<T extends string>(name: string, allowed: readonly T[], ...otherwise: readonly T[]): T {
    const value = this.raw(name) ?? this.#missing(name, otherwise);
    const found = allowed.find((each) => each === value);
    if (found === undefined) {
      throw new ConfigError(this.at(name), `must be one of ${allowed.join(', ')}`);
    }
    return found;
  }

  flag(name: string, otherwise: boolean): boolean {
    const value = this.raw(name) ?? otherwise;
    if (typeof value !== 'boolean') throw new ConfigError(this.at(name), 'must be true or false');
    return value;
  }

  whole(name: string, from: number, to: number, ...otherwise: readonly number[]): number {
    const value = this.raw(name) ?? this.#missing(name, otherwise);
    if (!Number.isInteger(value) || (value as number) < from || (value as number) > to) {
      throw new ConfigError(this.at(name), `must be a whole number from ${from} to ${to}`);
    }
    return value as number;
  }

  list(name: string): readonly unknown[] {
    const value = this.raw(name) ?? [];
    if (!Array.isArray(value)) throw new ConfigError(this.at(name), 'must be a list');
    return value;
  }

  inner(name: string): Fields | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : new Fields(value, this.at(name));
  }

  needed(name: string): Fields {
    return new Fields(this.raw(name), this.at(name));
  }

  /** @throws {ConfigError} with the first field that was never read */
  done(): void {
    for (const name of Object.keys(this.#values)) {
      if (!this.#asked.has(name)) {
        throw new ConfigError(this.at(name), 'is unknown to the local cloud');
      }
    }
  }

  #missing<T>(name: string, otherwise: readonly T[]): T {
    if (otherwise.length === 0) throw new ConfigError(this.at(name), 'is missing');
    return otherwise[0] as T;
  }
}
