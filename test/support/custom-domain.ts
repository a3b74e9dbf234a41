import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A custom domain in front of an HTTP trigger: it removes the header that makes a browser download the
 * answer instead of showing it. The local cloud has no custom domains.
 */
export async function aCustomDomain(triggerUrl: string) {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const { host: _, ...passed } = headers;
    const outward = request(
      `${triggerUrl}${incoming.url}`,
      { method, headers: passed },
      (reply) => {
        const { 'content-disposition': __, ...rest } = reply.headers;
        outgoing.writeHead(reply.statusCode ?? 502, rest);
        reply.pipe(outgoing);
      },
    );
    outward.on('error', () => outgoing.writeHead(502).end());
    incoming.pipe(outward);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
