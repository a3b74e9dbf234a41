import type { Clock } from '../domain/model/ports.ts';

export const systemClock: Clock = { nowMs: () => Date.now() };
