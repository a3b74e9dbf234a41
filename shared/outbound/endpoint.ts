import { isIPv4 } from 'node:net';

/**
 * An endpoint as it stands in the environment, such as `https://…mns.cn-hangzhou.aliyuncs.com`.
 * Plain http is taken for a loopback host only: every call carries credentials.
 *
 * @throws {TypeError} naming what is wrong with it
 */
export function parseEndpoint(endpoint: string): URL & { protocol: 'http:' | 'https:' } {
  const refuse = (why: string) => new TypeError(`Cannot use endpoint "${endpoint}": ${why}`);
  if (!URL.canParse(endpoint)) throw refuse('not a URL');
  const url = new URL(endpoint);
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw refuse('more than protocol, host and port');
  }
  if (isHttps(url)) return url;
  if (!isHttp(url)) throw refuse('neither https nor http');
  if (!isLoopback(url.hostname)) throw refuse('plain http is for loopback hosts only');
  return url;
}

const isHttps = (url: URL): url is URL & { protocol: 'https:' } => url.protocol === 'https:';
const isHttp = (url: URL): url is URL & { protocol: 'http:' } => url.protocol === 'http:';

/** 127.0.0.0/8, ::1 and the name: https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    (isIPv4(hostname) && hostname.startsWith('127.'))
  );
}
