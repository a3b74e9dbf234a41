/**
 * What a request that does not say otherwise is carried out by: at the webhook, where a field is left
 * out, and in a chat, where an option is. Our own choices: careful rather than fast.
 */
export const USUAL = {
  attach: 'now',
  maxUnavailable: '10%',
  ramp: 'doubling',
  haltAfterFailures: 1,
  bakeSeconds: 60,
  readyTimeoutSeconds: 300,
} as const;
