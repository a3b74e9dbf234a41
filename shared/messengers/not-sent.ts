import type { ChatSent } from '../domain/model/chat-ports.ts';
import type { HttpAnswer } from '../outbound/http.ts';

export type NotSent = Exclude<ChatSent, { readonly kind: 'sent' }>;

export function gone(why: string): NotSent {
  return { kind: 'gone', why };
}

export function failed(why: string, retryAfterMs: number | null = null): NotSent {
  return { kind: 'failed', why, retryAfterMs };
}

/** A header with whole seconds, in milliseconds. null: there is no such header. */
export function secondsIn({ headers }: HttpAnswer, name: string): number | null {
  const text = headers[name];
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) * 1_000 : null;
}

/** A platform's error code, made safe for a log. */
export function codeText(code: unknown): string {
  const text = typeof code === 'string' || typeof code === 'number' ? String(code) : '';
  return (
    text
      .replaceAll(/[^\w.-]+/g, ' ')
      .trim()
      .slice(0, 80) || 'no code'
  );
}

export function withoutValue(sent: ChatSent<string>): ChatSent {
  return sent.kind === 'sent' ? { kind: 'sent', value: null } : sent;
}
