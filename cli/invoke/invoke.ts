import { fcClient, type FcTarget, statusIn } from './fc-client.ts';

/** Of any function of ours (s.yaml), and its start. */
export const LONGEST_RUN_MS = 150_000;

export interface InvokeCall {
  readonly functionName: string;
  readonly event: Buffer;
  readonly isAsync: boolean;
}

/** `log` is the end of what the function wrote, at most 4 KB; '' when there is none. */
export type Invoked =
  | {
      readonly kind: 'answered';
      readonly requestId: string;
      readonly body: Buffer;
      readonly log: string;
    }
  /** It will run, or has: nobody waits for it. */
  | { readonly kind: 'accepted'; readonly requestId: string }
  /** It ran and failed: a thrown error, a timeout, a process that ended. */
  | {
      readonly kind: 'function-error';
      readonly requestId: string;
      readonly errorType: string;
      readonly message: string;
      readonly log: string;
    }
  /** It did not run, or nobody knows. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/**
 * Invokes a function once, over `@alicloud/fc2` with the version of Function Compute 3.0, as the official
 * component fc3 does for other calls. Proven against the local Function Compute; that the real one takes
 * the package's older signature for invocations as well is not (facts: fc §5).
 */
export async function invoke(target: FcTarget, call: InvokeCall): Promise<Invoked> {
  const client = fcClient(target);
  const path = `/functions/${encodeURIComponent(call.functionName)}/invocations`;
  const headers = {
    'x-fc-invocation-type': call.isAsync ? 'Async' : 'Sync',
    ...(call.isAsync ? {} : { 'x-fc-log-type': 'Tail' }),
  };
  let answer;
  try {
    answer = await client.post(path, call.event, headers, null, { rawBuf: true });
  } catch (error) {
    return refusalOf(error);
  }
  const requestId = answer.headers['x-fc-request-id'] ?? '';
  const errorType = answer.headers['x-fc-error-type'];
  const log = logOf(answer.headers['x-fc-log-result']);
  if (errorType !== undefined) {
    return {
      kind: 'function-error',
      requestId,
      errorType,
      message: messageOf(answer.data),
      log,
    };
  }
  if (call.isAsync) return { kind: 'accepted', requestId };
  return { kind: 'answered', requestId, body: bytesOf(answer.data), log };
}

/** The package reads JSON where the content type says so. */
function bytesOf(data: unknown): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
}

/** `{"errorMessage": …, "errorType": …}`, or whatever the function's process left behind. */
function messageOf(data: unknown): string {
  if (typeof data === 'object' && data !== null && 'errorMessage' in data) {
    return String(data.errorMessage);
  }
  return bytesOf(data).toString('utf8');
}

function logOf(header: string | undefined): string {
  return header === undefined ? '' : Buffer.from(header, 'base64').toString('utf8');
}

const MEANING: Readonly<Record<string, string>> = {
  '403': 'the AccessKey is not taken, or may not invoke it',
  '404': 'there is no such function',
  '413': 'the event is too large',
  '429': 'it was throttled, or has no instance free',
};

function refusalOf(error: unknown): Invoked {
  if (!(error instanceof Error)) throw error;
  const { status, requestId } = statusIn(error);
  if (status !== undefined) {
    const meaning = MEANING[status] ?? 'Function Compute refused';
    return { kind: 'refused', code: `HTTP ${status}`, message: `${meaning}, request ${requestId}` };
  }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { kind: 'refused', code, message: error.message };
}
