import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, WireReply, WireRequest } from './wire.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** The largest body that is read: Function Compute's 32 MB for a synchronous call. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Starts an HTTP server on loopback.
 *
 * @param port 0 picks a free one
 * @param tooLarge the reply to a body of more than 32 MB
 * @throws `EADDRINUSE` and the other errors of Node's `listen`
 */
export async function listen(
  port: number,
  answer: Answer,
  tooLarge: () => WireReply = () => ({ status: 413, body: '' }),
): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    void reply(incoming, outgoing, answer, tooLarge);
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // The SDKs keep sockets open for long: closing must not wait for them.
        server.closeAllConnections();
      }),
  };
}

async function reply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: Answer,
  tooLarge: () => WireReply,
): Promise<void> {
  try {
    const body = await readBody(incoming);
    if (body === undefined) {
      const { status, headers, body: text } = tooLarge();
      outgoing.writeHead(status, { ...headers, connection: 'close' }).end(text);
      return;
    }
    const result = await answer(wireRequest(incoming, body));
    if (result === 'silence') return;
    if (result === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if ('kind' in result) {
      outgoing.writeHead(200, { 'content-type': result.contentType, 'cache-control': 'no-store' });
      const end = result.begin((text) => void outgoing.write(text));
      outgoing.once('close', end);
      return;
    }
    const bytes = Buffer.from(result.body);
    const length = result.status === 204 ? {} : { 'content-length': String(bytes.length) };
    outgoing.writeHead(result.status, { ...result.headers, ...length });
    outgoing.end(incoming.method === 'HEAD' ? undefined : bytes);
  } catch (error) {
    // A client that went away is expected. Any other error is a bug of the local cloud.
    if (incoming.socket.destroyed) return;
    process.stderr.write(`local cloud: ${error instanceof Error ? error.stack : String(error)}\n`);
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
  }
}

/** Undefined for a body that is too large. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Reads on to the end: stopping early would destroy the socket that the answer needs.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function wireRequest(incoming: IncomingMessage, body: Buffer): WireRequest {
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    const name = incoming.rawHeaders[i]!.toLowerCase();
    const value = incoming.rawHeaders[i + 1]!;
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers,
    body,
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}
