import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

/** The connections that stay open between calls, shared by all senders of a function. */
export interface Sockets {
  agentFor(protocol: 'http:' | 'https:'): HttpAgent;
  /**
   * To be called when an invocation begins. Function Compute freezes an instance between two invocations, so
   * the other side may have closed an idle connection unnoticed.
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
