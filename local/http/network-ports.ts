import type { Listening } from './listen.ts';

/** A port is in use. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/** Network ports relative to a base. It closes all listeners together. */
export class NetworkPorts {
  readonly #base: number;
  readonly #open: Listening[] = [];

  /** @param base 0 takes free ports, whatever the offsets */
  constructor(base: number) {
    this.#base = base;
  }

  /**
   * @param offset from the base; undefined takes a free port
   * @returns `http://127.0.0.1:<port>`
   * @throws {PortTakenError}
   */
  async open(
    what: string,
    offset: number | undefined,
    begin: (port: number) => Promise<Listening>,
  ): Promise<string> {
    const port = this.#base === 0 || offset === undefined ? 0 : this.#base + offset;
    try {
      const listening = await begin(port);
      this.#open.push(listening);
      return `http://127.0.0.1:${listening.port}`;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
      throw new PortTakenError(`Cannot use port ${port} for ${what}: it is taken`, { cause });
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.splice(0).map((listening) => listening.close()));
  }
}
