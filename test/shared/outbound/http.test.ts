import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'vitest';
import { httpSender } from '../../../shared/outbound/http.ts';
import { keptSockets } from '../../../shared/outbound/sockets.ts';

const call = { method: 'POST', path: '/x?secret=1', headers: {}, body: Buffer.from('hi') } as const;

/** A server on a loopback port, for the length of one test. */
async function withServer(
  handler: Parameters<typeof createServer>[1],
  use: (endpoint: string, server: Server) => Promise<void>,
): Promise<void> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function sender(endpoint: string, more: Partial<Parameters<typeof httpSender>[0]> = {}) {
  return httpSender({
    endpoint,
    sockets: keptSockets(),
    deadlineMs: 5_000,
    maxAnswerBytes: 1_000,
    ...more,
  });
}

test('an answer comes with status, headers and bytes, whatever the status is', async ({
  expect,
}) => {
  await withServer(
    (request, response) => {
      request.on('data', (chunk: Buffer) => {
        response
          .writeHead(503, { 'x-a': 'b' })
          .end(`${request.method} ${request.url} ${chunk.toString()}`);
      });
    },
    async (endpoint) => {
      const { status, headers, body } = await sender(endpoint)(call);
      expect([status, headers['x-a'], body.toString()]).toEqual([503, 'b', 'POST /x?secret=1 hi']);
    },
  );
});

test('a port where nobody listens is unreachable, so nothing was done', async ({ expect }) => {
  let closed = '';
  await withServer(undefined, async (endpoint) => {
    closed = endpoint;
  });
  const error: unknown = await sender(closed)(call).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'unreachable', traits: { certainty: 'nothing-done' } });
  expect(String(error)).toMatch(/Cannot POST "127\.0\.0\.1:\d+\/x": ECONNREFUSED/);
});

test('a host name that does not exist is unreachable', async ({ expect }) => {
  // A label has at most 63 characters (RFC 1035), so no resolver has to be asked.
  const endpoint = `https://${'x'.repeat(64)}.invalid`;
  await expect(sender(endpoint)(call)).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('ENOTFOUND'),
  });
});

test('a reset connection is unavailable, so the call may have been carried out', async ({
  expect,
}) => {
  await withServer(
    (request) => request.socket.resetAndDestroy(),
    async (endpoint) => {
      await expect(sender(endpoint)(call)).rejects.toMatchObject({
        code: 'unavailable',
        traits: { certainty: 'maybe-done' },
      });
    },
  );
});

test('an answer that ends before its length is unavailable', async ({ expect }) => {
  await withServer(
    (_, response) => {
      response.writeHead(200, { 'content-length': '10' });
      response.write('half', () => response.socket?.end());
    },
    async (endpoint) => {
      await expect(sender(endpoint)(call)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('cut off'),
      });
    },
  );
});

test('an answer that is too large is not read to its end', async ({ expect }) => {
  await withServer(
    (_, response) => response.end('x'.repeat(1_001)),
    async (endpoint) => {
      await expect(sender(endpoint)(call)).rejects.toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('larger than 1000 bytes'),
      });
    },
  );
});

test('no answer before the deadline is a timeout, and the connection is given up', async ({
  expect,
}) => {
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let gone = () => {};
  const isGone = new Promise<void>((resolve) => {
    gone = resolve;
  });
  let strike = () => {};
  const after = (delayMs: number, run: () => void) => {
    expect(delayMs).toBe(5_000);
    strike = run;
    return () => {};
  };
  await withServer(
    (request) => {
      request.socket.on('close', gone);
      asked();
    },
    async (endpoint) => {
      const sent = sender(endpoint, { after })(call);
      await isAsked;
      strike();
      await expect(sent).rejects.toMatchObject({ code: 'timeout' });
      await isGone;
    },
  );
});

test('a connection is reused until idle connections are closed', async ({ expect }) => {
  const ports: (number | undefined)[] = [];
  await withServer(
    (request, response) => {
      ports.push(request.socket.remotePort);
      response.end('ok');
    },
    async (endpoint, server) => {
      const sockets = keptSockets();
      const send = sender(endpoint, { sockets });
      await send(call);
      await new Promise(setImmediate);
      await send(call);
      await new Promise(setImmediate);
      expect(ports[1]).toBe(ports[0]);
      sockets.closeIdleSockets();
      await send(call);
      expect(ports[2]).not.toBe(ports[0]);
      expect(server.listening).toBe(true);
    },
  );
});

test.for([
  ['http://mns.cn-hangzhou.aliyuncs.com', 'plain http is for loopback hosts only'],
  ['http://127.evil.example', 'plain http is for loopback hosts only'],
  ['ftp://127.0.0.1', 'neither https nor http'],
  ['127.0.0.1:9001', 'not a URL'],
  ['https://user@host.example', 'more than protocol, host and port'],
  ['https://host.example/path', 'more than protocol, host and port'],
] as const)('endpoint %s is refused: %s', ([endpoint, why], { expect }) => {
  expect(() => sender(endpoint)).toThrow(why);
});

test.for(['http://localhost:1', 'http://[::1]:1', 'http://127.0.0.2', 'https://host.example'])(
  'endpoint %s is taken',
  (endpoint, { expect }) => {
    expect(() => sender(endpoint)).not.toThrow();
  },
);
