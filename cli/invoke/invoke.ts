import { fcClient, fcFailure, type FcTarget } from './fc-client.ts';

/** The longest timeout of our functions (s.yaml), and a cold start. */
export const LONGEST_RUN_MS = 150_000;

export interface InvokeCall {
  readonly functionName: string;
  readonly event: Buffer;
  readonly isAsync: boolean;
}

/** `log` is the end of the function's log, at most 4 KB; '' when there is none. */
export type Invoked =
  | {
      readonly kind: 'answered';
      readonly requestId: string;
      readonly body: Buffer;
      readonly log: string;
    }
  /** Queued. The result is not awaited. */
  | { readonly kind: 'accepted'; readonly requestId: string }
  /** It ran and failed: a thrown error, a timeout, or a crash. */
  | {
      readonly kind: 'function-error';
      readonly requestId: string;
      readonly errorType: string;
      readonly message: string;
      readonly log: string;
    }
  /** It did not run, or that is unknown. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * Invokes a function once. Uses `@alicloud/fc2` with the version of Function Compute 3.0, as the official
 * component fc3 does for other calls. Tested against the local Function Compute. Not verified: that the real
 * one accepts the package's older signature for invocations.
 */
export async function invoke(target: FcTarget, call: InvokeCall): Promise<Invoked> {
  const path = `/functions/${encodeURIComponent(call.functionName)}/invocations`;
  const headers = {
    'x-fc-invocation-type': call.isAsync ? 'Async' : 'Sync',
    ...(call.isAsync ? {} : { 'x-fc-log-type': 'Tail' }),
  };
  let answer;
  try {
    answer = await fcClient(target).post(path, call.event, headers, null, { rawBuf: true });
  } catch (error) {
    return refusedInvocation(error);
  }
  const requestId = answer.headers['x-fc-request-id'] ?? '';
  const errorType = answer.headers['x-fc-error-type'];
  const log = Buffer.from(answer.headers['x-fc-log-result'] ?? '', 'base64').toString('utf8');
  if (errorType !== undefined) {
    const message = messageOf(answer.data);
    return { kind: 'function-error', requestId, errorType, message, log };
  }
  if (call.isAsync) return { kind: 'accepted', requestId };
  return { kind: 'answered', requestId, body: bytesOf(answer.data), log };
}

/** The package parses JSON when the content type says so. */
function bytesOf(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}

/** `{"errorMessage": …, "errorType": …}`, or whatever a crashed process left behind. */
function messageOf(data: unknown): string {
  if (typeof data === 'object' && data !== null && 'errorMessage' in data) {
    return String(data.errorMessage);
  }
  return bytesOf(data).toString('utf8');
}

const MEANING: Readonly<Record<string, string>> = {
  '403': 'the AccessKey is not valid, or has no permission to invoke it',
  '404': 'there is no such function',
  '413': 'the event is too large',
  '429': 'it was throttled, or has no free instance',
};

function refusedInvocation(error: unknown): Invoked {
  const { status, requestId, code, message } = fcFailure(error);
  if (status === undefined) return { kind: 'refused', code, message };
  const meaning = MEANING[status] ?? 'Function Compute refused';
  return { kind: 'refused', code: `HTTP ${status}`, message: `${meaning}, request ${requestId}` };
}
