import type { RolloutRequest } from './request.ts';

/** The values of the fields that a request leaves out. Our own choices: careful rather than fast. */
export const DEFAULTS = {
  startStopped: false,
  restartAlreadyAttached: false,
  attach: 'now',
  maxUnavailable: '10%',
  ramp: 'doubling',
  groupBy: null,
  haltAfterFailures: 1,
  bakeSeconds: 60,
  readyTimeoutSeconds: 300,
  approveWithinSeconds: null,
  expectedPlanDigest: null,
  breakGlass: null,
  dryRun: false,
  note: '',
} as const satisfies Partial<RolloutRequest>;
