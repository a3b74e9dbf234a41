import { vi } from 'vitest';

/** How long a slow machine may take for what a fast one does at once. */
const PATIENCE_MS = 15_000;

/** Waits until `check` throws no more. */
export function eventually(check: () => void, timeout: number = PATIENCE_MS): Promise<void> {
  return vi.waitFor(check, { timeout, interval: 10 });
}
