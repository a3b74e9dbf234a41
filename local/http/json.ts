import type { WireReply } from './wire.ts';

export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireReply {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(value) };
}
