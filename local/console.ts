import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONSOLE_HEADERS, consolePart, isConsole } from '../shared/inbound/console/page.ts';
import { parseWebhookSecret } from '../shared/contract/webhook-secret.ts';
import { signWebhook } from '../shared/contract/webhook-signature.ts';
import { json } from './http/json.ts';
import type { WireReply, WireRequest } from './http/wire.ts';

export interface ConsoleOptions {
  /** Where the page's files are. */
  readonly folder: string;
  /** Base address of the function `attach`. It is read on each request. */
  readonly attachUrl: () => string;
  readonly webhookSecret: string;
  readonly nowMs?: () => number;
}

/**
 * The console page of the local cloud. Its requests to `attach` are signed with the local secret, and only GET
 * requests are forwarded. Its files are read on each request.
 */
export function consolePages(
  options: ConsoleOptions,
): (request: WireRequest) => Promise<WireReply> | undefined {
  return (request) => {
    if (!isConsole(request.path)) return undefined;
    return answer(request, options);
  };
}

async function answer(request: WireRequest, options: ConsoleOptions): Promise<WireReply> {
  const { method, path } = request;
  if (method !== 'GET')
    return json(405, {
      detail: `Cannot ${method} "${path.slice(0, 100)}": the console is read-only`,
    });
  const part = consolePart(path, (name) => textIn(options.folder, name));
  switch (part.kind) {
    case 'file': {
      const { status, headers, body } = part;
      return { status, headers, body };
    }
    case 'ask':
      return ask(part.path, request.query, options);
    case 'nothing':
      return json(404, { detail: `Cannot show "${path.slice(0, 100)}": no such page` });
  }
}

function textIn(folder: string, name: string): string | undefined {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch {
    return undefined;
  }
}

async function ask(
  asked: string,
  queryText: string,
  { attachUrl, webhookSecret, nowMs = Date.now }: ConsoleOptions,
): Promise<WireReply> {
  const query = new URLSearchParams(queryText);
  query.sort();
  const target = query.size === 0 ? asked : `${asked}?${query.toString()}`;
  const headers = signWebhook({
    secret: parseWebhookSecret(webhookSecret),
    id: `console_${randomUUID()}`,
    timestampSec: Math.floor(nowMs() / 1_000),
    body: `GET ${target}`,
  });
  try {
    const answer = await fetch(`${attachUrl()}${target}`, { headers, redirect: 'error' });
    const type = answer.headers.get('content-type') ?? 'application/json';
    return {
      status: answer.status,
      headers: { ...CONSOLE_HEADERS, 'content-type': type },
      body: Buffer.from(await answer.arrayBuffer()),
    };
  } catch {
    return json(502, { detail: 'Cannot ask Latchkey: the function attach does not answer' });
  }
}
