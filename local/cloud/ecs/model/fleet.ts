import type { Instance } from './instance.ts';

/** Every instance that exists, in order of creation. */
export class Fleet {
  readonly #instances = new Map<string, Instance>();
  readonly #random: () => number;
  #sequence = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  add(instance: Omit<Instance, 'sequence'>): Instance {
    const added: Instance = { ...instance, sequence: ++this.#sequence };
    this.#instances.set(added.id, added);
    return added;
  }

  find(id: string): Instance | undefined {
    return this.#instances.get(id);
  }

  remove(id: string): void {
    this.#instances.delete(id);
  }

  all(): IterableIterator<Instance> {
    return this.#instances.values();
  }

  /** An id in the vendor's form, `i-bp1` and 17 more characters, that no instance has. */
  freshId(): string {
    for (;;) {
      let id = 'i-bp1';
      while (id.length < 22) id += Math.floor(this.#random() * 36).toString(36);
      if (!this.#instances.has(id)) return id;
    }
  }
}
