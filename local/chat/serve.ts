import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { WireReply, WireRequest } from './wire.ts';

/** Largest body that is read: our own choice, above every platform's limit. */
const MAX_BODY_BYTES = 1_024 * 1_024;

/** An answer that goes on: it is written piece by piece until the client goes away. */
export interface Stream {
  readonly kind: 'stream';
  readonly contentType: string;
  /** @returns what ends it */
  readonly begin: (write: (text: string) => void) => () => void;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A loopback HTTP server over `answer`. A request for any other host is refused: a page elsewhere,
 * whose name was made to point here, could otherwise read and press.
 *
 * @param port 0 picks a free one
 * @throws `EADDRINUSE` and its like, as `listen` reports them
 */
export async function serve(
  port: number,
  answer: (request: WireRequest) => Promise<WireReply | Stream>,
): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    void reply(incoming, outgoing, answer);
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
        server.closeAllConnections();
      }),
  };
}

async function reply(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: WireRequest) => Promise<WireReply | Stream>,
): Promise<void> {
  try {
    const host = (incoming.headers.host ?? '').replace(/:\d+$/, '');
    if (host !== '127.0.0.1' && host !== 'localhost') {
      outgoing.writeHead(421).end();
      return;
    }
    const body = await read(incoming);
    if (body === undefined) {
      outgoing.writeHead(413, { connection: 'close' }).end();
      return;
    }
    const given = await answer(wireRequest(incoming, body));
    if (!('kind' in given)) {
      outgoing.writeHead(given.status, given.headers).end(given.body);
      return;
    }
    outgoing.writeHead(200, { 'content-type': given.contentType, 'cache-control': 'no-store' });
    const end = given.begin((text) => void outgoing.write(text));
    outgoing.once('close', end);
  } catch (error) {
    // A caller that went away is no news; anything else is a bug of the local chat.
    if (incoming.socket.destroyed) return;
    process.stderr.write(`local chat: ${error instanceof Error ? error.stack : String(error)}\n`);
    if (!outgoing.headersSent) outgoing.writeHead(500);
    outgoing.end();
  }
}

async function read(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end, kept or not: to break off would destroy the socket that the answer needs.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks);
}

function wireRequest(incoming: IncomingMessage, body: Buffer): WireRequest {
  const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) headers[name] = String(value);
  }
  return {
    method: incoming.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body,
  };
}
