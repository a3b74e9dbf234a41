import type { Call, CallOutcome, ContextData, FunctionError } from './protocol.ts';

/** What a bundle exports. */
export type FunctionModule = Readonly<Record<string, unknown>>;

type Callback = (error: unknown, result?: unknown) => void;
type Exported = (...args: unknown[]) => unknown;

/**
 * Calls the export that `call` names, in either style: one that returns a promise, or one that takes
 * a callback. Never rejects.
 */
export async function runCall(module: FunctionModule, call: Call): Promise<CallOutcome> {
  if (call.kind === 'load') return { kind: 'returned', body: Buffer.alloc(0) };
  const exported = module[call.name];
  if (typeof exported !== 'function') {
    const errorMessage = `Handler '${call.name}' is missing on module`;
    return {
      kind: 'failed',
      handled: false,
      error: { errorMessage, errorType: 'HandlerNotFound' },
    };
  }
  const args = call.kind === 'handler' ? [call.event, contextOf(call)] : [contextOf(call)];
  try {
    return await settle(exported as Exported, args);
  } catch (error) {
    return { kind: 'failed', handled: false, error: functionError(error) };
  }
}

function settle(exported: Exported, args: readonly unknown[]): Promise<CallOutcome> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, result) => {
      if (error !== null && error !== undefined) {
        resolve({ kind: 'failed', handled: true, error: functionError(error) });
      } else answer(result);
    };
    const answer = (result: unknown) => {
      try {
        resolve({ kind: 'returned', body: bodyOf(result) });
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const result = exported(...args, callback);
    if (isThenable(result)) result.then(answer, reject);
    // A function that declares the callback answers by it. Any other answers by returning.
    else if (exported.length <= args.length) answer(result);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/**
 * "Buffer -> returned unchanged; Object -> JSON; other types -> string"
 * (https://help.aliyun.com/zh/functioncompute/user-guide/request-handlers). A function that returns nothing
 * gives an empty body, which is not documented.
 */
function bodyOf(result: unknown): Buffer {
  if (result === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(result)) return result;
  if (typeof result === 'object') return Buffer.from(JSON.stringify(result));
  return Buffer.from(String(result as string | number | boolean));
}

/** The body of a failed invocation. */
export function functionError(error: unknown): FunctionError {
  if (!(error instanceof Error)) {
    const text = typeof error === 'string' ? error : JSON.stringify(error);
    return { errorMessage: text ?? String(error), errorType: typeof error };
  }
  return {
    errorMessage: error.message,
    errorType: error.name,
    stackTrace: (error.stack ?? '').split('\n'),
  };
}

function contextOf({ context }: Call): ContextData & { readonly logger: object } {
  return {
    ...context,
    callbackWaitsForEmptyEventLoop: false,
    logger: loggerOf(context),
  } as ContextData & { readonly logger: object };
}

function loggerOf({ requestId }: ContextData): object {
  const at =
    (level: string) =>
    (...parts: readonly unknown[]) =>
      console.log(`${new Date().toISOString()} ${requestId} [${level}]`, ...parts);
  return {
    requestId,
    logLevel: { name: 'debug', priority: 1 },
    debug: at('DEBUG'),
    info: at('INFO'),
    log: at('INFO'),
    warn: at('WARNING'),
    error: at('ERROR'),
  };
}
