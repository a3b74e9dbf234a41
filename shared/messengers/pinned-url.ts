import { LOOPBACK } from '../lib/loopback.ts';
import { parseEndpoint } from '../outbound/endpoint.ts';

/** The longest address that is read: our own choice, several times as long as any that was seen. */
const MAX_LENGTH = 2_000;

/**
 * The address in a message, if it is one of the platform's own. Every other address may come from somebody who
 * wants Latchkey to call it: undefined.
 *
 * @param origin protocol, host and port
 */
export function pinnedUrl(text: string, origin: string, path: RegExp): URL | undefined {
  // `URL` would ignore some of these characters, and treat a backslash as a slash.
  if (text.length > MAX_LENGTH || !/^[\x21-\x5b\x5d-\x7e]+$/.test(text)) return undefined;
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOwn = url.origin === origin && url.username === '' && url.password === '';
  return isOwn && url.hash === '' && path.test(url.pathname) ? url : undefined;
}

/**
 * The origin of a platform's host, or of the endpoint that takes its place.
 *
 * @throws {TypeError} for an endpoint that is not a loopback host
 */
export function originOf(host: string, endpoint: string | undefined): string {
  if (endpoint === undefined) return `https://${host}`;
  const { hostname, origin } = parseEndpoint(endpoint);
  if (LOOPBACK.test(hostname)) return origin;
  throw new TypeError(`Cannot use endpoint "${endpoint}": not a loopback host`);
}
