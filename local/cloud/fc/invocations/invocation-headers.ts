import type { Invocation } from './invocation.ts';

/** `X-Fc-Log-Result` holds the last 4 KB of the log. */
const LOG_TAIL_BYTES = 4 * 1024;

/** The headers of every answer, and the end of the log when the request asks for it. */
export function invocationHeaders(
  { requestId, errorType, instanceId, durationMs, memoryBytes, log }: Invocation,
  logType: string | undefined,
): Record<string, string> {
  return {
    'x-fc-request-id': requestId,
    'x-fc-invocation-duration': String(durationMs),
    'x-fc-max-memory-usage': (memoryBytes / 2 ** 20).toFixed(2),
    ...(instanceId !== undefined && { 'x-fc-instance-id': instanceId }),
    ...(errorType !== undefined && { 'x-fc-error-type': errorType }),
    ...(logType?.toLowerCase() === 'tail' && { 'x-fc-log-result': tail(requestId, log) }),
  };
}

function tail(requestId: string, log: readonly string[]): string {
  const lines = [
    `FC Invoke Start RequestId: ${requestId}`,
    ...log,
    `FC Invoke End RequestId: ${requestId}`,
  ];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  return bytes.subarray(Math.max(0, bytes.length - LOG_TAIL_BYTES)).toString('base64');
}
