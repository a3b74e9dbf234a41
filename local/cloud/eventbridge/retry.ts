import type { RetryPolicy } from './targets.ts';

/** https://www.alibabacloud.com/help/en/eventbridge/user-guide/retry-and-dead-letter */
const BACKOFF_RETRIES = 3;
const BACKOFF_MS = { least: 10_000, most: 20_000 };

/** 1, 2, 4, … 256 s, then 512 s 167 times: 176 retries, about a day. The same page. */
const DECAY_RETRIES = 176;
const DECAY_MOST_MS = 512_000;

/**
 * The pause before the next attempt, before `retryPauseFactor`.
 *
 * @param failures attempts that have failed, from 1
 * @param random in [0, 1)
 * @returns undefined when the policy has no attempt left
 */
export function pauseMs(
  policy: RetryPolicy,
  failures: number,
  random: () => number,
): number | undefined {
  switch (policy) {
    case 'BACKOFF_RETRY':
      if (failures > BACKOFF_RETRIES) return undefined;
      return BACKOFF_MS.least + random() * (BACKOFF_MS.most - BACKOFF_MS.least);
    case 'EXPONENTIAL_DECAY_RETRY':
      if (failures > DECAY_RETRIES) return undefined;
      return Math.min(1_000 * 2 ** (failures - 1), DECAY_MOST_MS);
  }
}
