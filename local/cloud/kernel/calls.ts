/** How often each API action was called, refused calls included. */
export class CallCounts {
  readonly #counts = new Map<string, Map<string, number>>();

  count(service: string, action: string): void {
    const actions = this.#counts.get(service) ?? new Map<string, number>();
    this.#counts.set(service, actions);
    actions.set(action, (actions.get(action) ?? 0) + 1);
  }

  of(service: string, action: string): number {
    return this.#counts.get(service)?.get(action) ?? 0;
  }

  /** `{ ecs: { AttachKeyPair: 3 }, … }` */
  toJSON(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#counts].map(([service, actions]) => [service, Object.fromEntries(actions)]),
    );
  }
}
