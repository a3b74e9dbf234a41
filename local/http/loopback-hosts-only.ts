import type { Answer } from './wire.ts';

/**
 * Refuses a request whose `Host` is not loopback. Otherwise a web page whose domain name resolves to
 * 127.0.0.1 could read the answers and act for the person at the browser (DNS rebinding).
 */
export function loopbackHostsOnly(answer: Answer): Answer {
  return async (request) => {
    const host = (request.headers['host'] ?? '').replace(/:\d+$/, '');
    const isLoopback = host === '127.0.0.1' || host === 'localhost';
    return isLoopback ? answer(request) : { status: 421, body: '' };
  };
}
