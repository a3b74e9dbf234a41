/** How a platform's call of the function ended. */
export type Called =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly type: string;
      readonly body: string;
    }
  | { readonly kind: 'late' }
  | { readonly kind: 'unreachable'; readonly why: string };

/**
 * Posts a platform's request to the function.
 *
 * @param deadlineMs how long the platform waits for the answer
 */
export async function callFunction(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  deadlineMs: number,
): Promise<Called> {
  const signal = AbortSignal.timeout(deadlineMs);
  try {
    const reply = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'manual' });
    const type = reply.headers.get('content-type') ?? '';
    return { kind: 'answered', status: reply.status, type, body: await reply.text() };
  } catch (error) {
    if (signal.aborted) return { kind: 'late' };
    const { message, cause } = error as Error;
    return { kind: 'unreachable', why: cause instanceof Error ? cause.message : message };
  }
}

/** @returns the body of an answer with status 200, otherwise undefined */
export function acceptedBody(called: Called): string | undefined {
  return called.kind === 'answered' && called.status === 200 ? called.body : undefined;
}
