import type { GlobalStop, Stop } from '../../shared/domain/model/ports.ts';

/** The global stop in memory. */
export class ModelStop implements GlobalStop {
  value: Stop | null = null;

  async read(): Promise<Stop | null> {
    return this.value;
  }

  async set(stop: Stop | null): Promise<void> {
    this.value = stop;
  }
}
