import { subscribe } from 'node:diagnostics_channel';
import type { Agent, ClientRequest } from 'node:http';

/**
 * The SDK keeps connections open in two agents that its HTTP library hides (httpx, `lib/index.js`), and
 * ignores its own `keepAlive` option. Node's diagnostics channel shows the agent of each request:
 * https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http
 */
const agents = new Set<Agent>();

subscribe('http.client.request.start', (message) => {
  const { request } = message as { request: ClientRequest & { agent?: Agent } };
  if (request.agent && request.hasHeader('x-acs-action')) agents.add(request.agent);
});

/**
 * Closes the idle connections of the ECS client. To be called when an invocation begins: the function was
 * frozen before it, so ECS may have closed them unnoticed.
 *
 * @returns how many were closed
 */
export function closeIdleEcsSockets(): number {
  let closed = 0;
  for (const { freeSockets } of agents) {
    for (const socket of Object.values(freeSockets).flatMap((sockets) => sockets ?? [])) {
      if (socket.destroyed) continue;
      socket.destroy();
      closed += 1;
    }
  }
  return closed;
}
