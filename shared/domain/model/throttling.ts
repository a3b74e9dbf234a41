const MINUTE_MS = 60_000;

/**
 * When a throttled ECS call may be made again. "If an API is throttled in minute T, it can only be called
 * again in minute T+1": https://help.aliyun.com/zh/ecs/developer-reference/api-throttling
 */
export function nextMinuteMs(nowMs: number): number {
  return (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS;
}
