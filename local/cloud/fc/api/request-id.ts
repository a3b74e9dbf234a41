import { randomBytes } from 'node:crypto';

/** In the form of Function Compute 3.0, `1-64f6cd87-…`: the second part is the time in seconds. */
export function fcRequestId(nowMs: number): string {
  const seconds = Math.floor(nowMs / 1_000)
    .toString(16)
    .padStart(8, '0');
  const random = randomBytes(10).toString('hex');
  return `1-${seconds}-${random.slice(0, 8)}-${random.slice(8)}`;
}
