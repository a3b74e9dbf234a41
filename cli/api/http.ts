export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** For the whole call, up to the last byte of the answer. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request once. @throws {NoAnswerError} and nothing else */
export type Http = (call: HttpCall) => Promise<HttpAnswer>;

/** There was no usable answer. The request may have arrived, unless `nothingDone` is set. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  /** The request was certainly not sent. */
  readonly nothingDone: boolean;

  constructor(message: string, options: ErrorOptions & { readonly nothingDone: boolean }) {
    super(message, options);
    this.nothingDone = options.nothingDone;
  }
}

/** Much larger than the answer for a rollout of 1,000 instances: our own choice. */
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;

/** No connection was made, so nothing was sent. After any other error the request may have arrived. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND']);

/** Follows no redirect: a signed request is meant for one host only. */
export const fetchHttp: Http = async ({ method, url, headers, body, timeoutMs }) => {
  try {
    const reply = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    return {
      status: reply.status,
      headers: Object.fromEntries(reply.headers),
      body: await textOf(reply),
    };
  } catch (cause) {
    const code = codeOf(cause);
    throw new NoAnswerError(stateOf(cause, code, timeoutMs), {
      cause,
      nothingDone: NOT_SENT.has(code),
    });
  }
};

async function textOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`more than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function codeOf(error: unknown): string {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string') return code;
  return cause === undefined ? '' : codeOf(cause);
}

function stateOf(cause: unknown, code: string, timeoutMs: number): string {
  if (cause instanceof Error && cause.name === 'TimeoutError') {
    return `no answer within ${timeoutMs / 1_000} s`;
  }
  if (NOT_SENT.has(code)) return `no connection (${code})`;
  return code === '' ? 'the answer cannot be read' : `the connection broke (${code})`;
}
