import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { WireReply } from './wire.ts';

const FOLDER = join(import.meta.dirname, 'page');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** The page loads only its own files, and connects only to this server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * @param name the name of a file of the page, without a path
 * @returns undefined when there is no such file
 */
export function pageFile(name: string): WireReply | undefined {
  if (!readdirSync(FOLDER).includes(name)) return undefined;
  const type = TYPES[extname(name)];
  if (type === undefined) return undefined;
  return {
    status: 200,
    headers: {
      'content-type': type,
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
      'cross-origin-opener-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: readFileSync(join(FOLDER, name)),
  };
}
