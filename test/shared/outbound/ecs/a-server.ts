import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Ecs } from '../../../../shared/domain/model/ports.ts';
import { type EcsOptions, ecsOverSdk } from '../../../../shared/outbound/ecs/ecs-over-sdk.ts';

export const NOW_MS = Date.UTC(2026, 10, 24, 12, 0, 30);

/** A request as it arrived. */
export interface Seen {
  readonly action: string;
  readonly method: string;
  readonly parameters: Record<string, string>;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answer = (response: ServerResponse, request: IncomingMessage, nth: number) => void;

/** A plain HTTP server that records requests and sends the given answers. */
export async function aServer(
  answer: Answer,
): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      seen.push({
        action: String(request.headers['x-acs-action']),
        method: request.method ?? '',
        parameters: Object.fromEntries(new URL(request.url ?? '/', 'http://x').searchParams),
        headers: request.headers,
        body,
      });
      answer(response, request, seen.length);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

export function sends(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** The adapter against `url`, with a fixed clock. */
export function anEcs(url: string, change: Partial<EcsOptions> = {}): Ecs {
  return ecsOverSdk({
    regionId: 'cn-hangzhou',
    endpoint: url,
    credentials: () =>
      Promise.resolve({ accessKeyId: 'a', accessKeySecret: 's', securityToken: 't' }),
    nowMs: () => NOW_MS,
    log: () => {},
    ...change,
  });
}
