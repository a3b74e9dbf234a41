import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Fault, NO_SPOIL, type Spoil } from './faults.ts';
import type { Kernel } from './kernel.ts';
import type { Service } from './service.ts';
import type { NoReply, WireReply, WireRequest } from './wire.ts';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Largest body any emulated service reads: Function Compute's 32 MB for a synchronous call. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Serves one service on a loopback port.
 *
 * @param port 0 picks a free one
 * @throws `EADDRINUSE` and its like, as `listen` reports them
 */
export function serve(kernel: Kernel, service: Service, port: number): Promise<Listening> {
  kernel.faults.register(service.name, [...service.actions, 'Deliver']);
  const throttledUntilMs = new Map<string, number>();
  return listen(port, (request) => carryOut(kernel, service, throttledUntilMs, request));
}

/**
 * A plain loopback HTTP server over `answer`.
 *
 * @param tooLarge what a body of more than 32 MB is told
 */
export async function listen(
  port: number,
  answer: (request: WireRequest) => Promise<WireReply | NoReply>,
  tooLarge: () => WireReply = () => ({ status: 413, headers: {}, body: '' }),
): Promise<Listening> {
  const server: Server = createServer((incoming, outgoing) => {
    void reply(incoming, outgoing, answer, tooLarge);
  });
  // The SDKs keep sockets open for long; a restart of the cloud must not wait for them.
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
  answer: (request: WireRequest) => Promise<WireReply | NoReply>,
  tooLarge: () => WireReply,
): Promise<void> {
  try {
    const request = await read(incoming);
    if (request === 'too-large') {
      const { status, headers, body } = tooLarge();
      outgoing.writeHead(status, { ...headers, connection: 'close' }).end(body);
      return;
    }
    const result = await answer(request);
    if (result === 'silence') return;
    if (result === 'reset') {
      incoming.socket.resetAndDestroy();
      return;
    }
    const body = typeof result.body === 'string' ? Buffer.from(result.body) : result.body;
    const length = result.status === 204 ? {} : { 'content-length': String(body.length) };
    outgoing.writeHead(result.status, { ...result.headers, ...length });
    outgoing.end(incoming.method === 'HEAD' ? undefined : body);
  } catch (error) {
    // A caller that went away is no news; anything else is a bug of the local cloud.
    if (incoming.socket.destroyed) return;
    process.stderr.write(`local cloud: ${error instanceof Error ? error.stack : String(error)}\n`);
    outgoing.writeHead(500).end();
  }
}

async function read(incoming: IncomingMessage): Promise<WireRequest | 'too-large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end, kept or not: to break off would destroy the socket that the answer needs.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > MAX_BODY_BYTES) return 'too-large';
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
    body: Buffer.concat(chunks),
    sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** Counts, strikes with the faults in force, and carries out. */
async function carryOut(
  kernel: Kernel,
  service: Service,
  throttledUntilMs: Map<string, number>,
  request: WireRequest,
): Promise<WireReply | NoReply> {
  const action = service.actionOf(request);
  if (action !== '') kernel.calls.count(service.name, action);
  const accessKeyId = service.accessKeyOf(request);
  const caller =
    accessKeyId === undefined ? undefined : kernel.account.find(accessKeyId)?.functionInstance;
  const faults =
    action === '' ? [] : kernel.faults.strike(service.name, action, caller?.functionName);
  const kill = () => {
    if (caller !== undefined) kernel.killInstance(caller.instanceId);
  };

  if (kernel.settings.latencyMs > 0) await pause(kernel, kernel.settings.latencyMs);
  for (const fault of faults) {
    if (fault.when === 'after') continue;
    const struck = await strike(kernel, service, action, throttledUntilMs, fault, kill);
    if (struck !== undefined) return struck;
  }
  if (kernel.clock.nowMs() < (throttledUntilMs.get(action) ?? 0)) {
    return service.errorReply(service.throttled);
  }
  const answer = await service.handle(request, spoilOf(faults));
  for (const fault of faults) {
    if (fault.when !== 'after') continue;
    const struck = await strike(kernel, service, action, throttledUntilMs, fault, kill);
    if (struck !== undefined) return struck;
  }
  return answer;
}

/** What the caller gets instead of the answer; undefined when the fault lets the call go on. */
async function strike(
  kernel: Kernel,
  service: Service,
  action: string,
  throttledUntilMs: Map<string, number>,
  fault: Fault,
  kill: () => void,
): Promise<WireReply | NoReply | undefined> {
  switch (fault.kind) {
    case 'throttle': {
      const { minuteMs } = kernel.settings;
      const nextMinuteMs = (Math.floor(kernel.clock.nowMs() / minuteMs) + 1) * minuteMs;
      throttledUntilMs.set(action, nextMinuteMs);
      return service.errorReply(service.throttled);
    }
    case 'error':
      return service.errorReply({
        status: fault.status ?? 500,
        code: fault.code,
        message: fault.message ?? 'A fault of the local cloud.',
      });
    case 'reset':
      return 'reset';
    case 'silence':
      return 'silence';
    case 'late':
      await pause(kernel, fault.delayMs);
      return undefined;
    case 'html502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html' },
        body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
      };
    case 'malformed':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"RequestId":"cut',
      };
    case 'empty':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' };
    case 'kill':
      kill();
      return 'reset';
    case 'leave-out':
    case 'instance-failure':
    case 'duplicate':
    case 'reorder':
    case 'delay':
    case 'scatter':
      return undefined;
  }
}

function spoilOf(faults: readonly Fault[]): Spoil {
  if (faults.length === 0) return NO_SPOIL;
  const leaveOut = new Set<string>();
  const fail = new Map<string, { code: string; message: string }>();
  for (const fault of faults) {
    if (fault.kind === 'leave-out') for (const id of fault.instanceIds) leaveOut.add(id);
    if (fault.kind !== 'instance-failure') continue;
    const message = fault.message ?? 'A fault of the local cloud.';
    for (const id of fault.instanceIds) fail.set(id, { code: fault.code, message });
  }
  return { leaveOut, fail };
}

function pause(kernel: Kernel, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    kernel.clock.after(delayMs, resolve);
  });
}
