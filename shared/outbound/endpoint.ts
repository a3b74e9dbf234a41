import { LOOPBACK } from '../lib/loopback.ts';

/**
 * Reads an endpoint from a setting, such as `https://…mns.cn-hangzhou.aliyuncs.com`. Plain http is accepted
 * for a loopback host only, because every call carries credentials.
 *
 * @throws {TypeError} that says what is wrong with it
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
  if (!LOOPBACK.test(url.hostname)) throw refuse('plain http is for loopback hosts only');
  return url;
}

const isHttps = (url: URL): url is URL & { protocol: 'https:' } => url.protocol === 'https:';
const isHttp = (url: URL): url is URL & { protocol: 'http:' } => url.protocol === 'http:';
