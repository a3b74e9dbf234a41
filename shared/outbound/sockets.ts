import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** The connections that are kept open between calls, over all senders that share them. */
export interface Sockets {
  agentFor(protocol: 'http:' | 'https:'): HttpAgent;
  /**
   * To be called when an invocation begins: Function Compute freezes an instance between two
   * invocations, and what was idle then is dead now, though it does not look so.
   */
  closeIdleSockets(): void;
}

export function keptSockets(): Sockets {
  const http = new HttpAgent({ keepAlive: true });
  const https = new HttpsAgent({ keepAlive: true });
  return {
    agentFor: (protocol) => (protocol === 'https:' ? https : http),
    closeIdleSockets() {
      for (const agent of [http, https]) {
        for (const idle of Object.values(agent.freeSockets)) {
          for (const socket of idle?.slice() ?? []) socket.destroy();
        }
      }
    },
  };
}
