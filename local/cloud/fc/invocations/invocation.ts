/** How one invocation ended. */
export interface Invocation {
  readonly requestId: string;
  /** 200 for an answer and for a function error; 429, 500 and 503 when no function ran. */
  readonly status: number;
  /** `X-Fc-Error-Type` */
  readonly errorType: string | undefined;
  readonly body: Buffer;
  readonly instanceId: string | undefined;
  readonly durationMs: number;
  readonly memoryBytes: number;
  /** What the function printed, by lines. */
  readonly log: readonly string[];
}

/** An invocation that did not reach an instance. */
export function notRun(
  requestId: string,
  status: number,
  code: string,
  message: string,
): Invocation {
  return {
    requestId,
    status,
    errorType: undefined,
    body: Buffer.from(JSON.stringify({ RequestId: requestId, Code: code, Message: message })),
    instanceId: undefined,
    durationMs: 0,
    memoryBytes: 0,
    log: [],
  };
}
