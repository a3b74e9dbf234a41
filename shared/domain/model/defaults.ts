import type { RolloutRequest } from './request.ts';

/**
 * The values of the fields that a request leaves out; the others are then false, null or empty. Our own
 * choices: careful rather than fast.
 */
export const DEFAULTS = {
  attach: 'now',
  maxUnavailable: '10%',
  ramp: 'doubling',
  haltAfterFailures: 1,
  bakeSeconds: 60,
  readyTimeoutSeconds: 300,
} as const satisfies Partial<RolloutRequest>;
