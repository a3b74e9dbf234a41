import { createServer } from 'node:net';

/** How many network ports one local cloud uses, from its base on. */
const SPAN = 11;

/** A port base of which every port is free right now. */
export async function freePortBase(): Promise<number> {
  for (;;) {
    // Below the ports that the system deals out by itself.
    const base = 20_000 + SPAN * Math.floor(Math.random() * 1_000);
    const free = await Promise.all(Array.from({ length: SPAN }, (_, i) => isFree(base + i)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
