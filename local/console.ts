import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseWebhookSecret } from '../shared/inbound/webhook-secret.ts';
import { signWebhook } from '../shared/inbound/webhook-signature.ts';
import { json, type WireReply, type WireRequest } from './chat/wire.ts';

export interface ConsoleOptions {
  /** Where the page's files are. */
  readonly folder: string;
  /** Base address of the function `attach`; asked at each call. */
  readonly attachUrl: () => string;
  readonly webhookSecret: string;
  readonly nowMs?: () => number;
}

const PAGE = '/console/';
const API = '/console/api';
/** What the page asks for: nothing that changes anything. */
const ASKED = /^\/(?:rollouts(?:\/ro-[a-z2-7]{26})?|stop)$/;

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Nothing from anywhere else, nothing inline, and in nobody's frame. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/**
 * The console page, for whoever sits at the machine that the local cloud runs on: its questions are signed
 * with the local secret, and only questions are passed on.
 */
export function consolePages(
  options: ConsoleOptions,
): (request: WireRequest) => Promise<WireReply> | undefined {
  return (request) => {
    const { method, path } = request;
    if (path !== '/console' && !path.startsWith(PAGE)) return undefined;
    if (method !== 'GET')
      return Promise.resolve(json(405, { detail: 'Cannot do this: look only' }));
    if (path.startsWith(`${API}/`)) return ask(request, options);
    return Promise.resolve(file(path, options.folder));
  };
}

function file(path: string, folder: string): WireReply {
  // Its files name each other relative to this.
  if (path === '/console')
    return { status: 308, headers: { ...HEADERS, location: PAGE }, body: '' };
  const name = path === PAGE ? 'index.html' : path.slice(PAGE.length);
  const type = /^[a-z][a-z-]*\.(html|css|js)$/.exec(name)?.[1];
  if (type === undefined) return notFound(path);
  try {
    const body = readFileSync(join(folder, name));
    return { status: 200, headers: { ...HEADERS, 'content-type': TYPES[type]! }, body };
  } catch {
    return notFound(path);
  }
}

async function ask(
  { path, query }: WireRequest,
  { attachUrl, webhookSecret, nowMs = Date.now }: ConsoleOptions,
): Promise<WireReply> {
  const asked = path.slice(API.length);
  if (!ASKED.test(asked)) return notFound(path);
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
      headers: { ...HEADERS, 'content-type': type },
      body: Buffer.from(await answer.arrayBuffer()),
    };
  } catch {
    return json(502, { detail: 'Cannot ask Latchkey: the function attach does not answer' });
  }
}

function notFound(path: string): WireReply {
  return json(404, { detail: `Cannot show "${path.slice(0, 100)}": no such page` });
}
