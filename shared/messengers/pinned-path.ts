/** Longest address: our own choice, several times as long as any that was seen. */
const MAX_LENGTH = 2_000;

/**
 * Path and query of an address that came with a message, if it is one of the platform's own; undefined
 * for every other one. It was looked at when it came in; but what is called is decided here.
 *
 * @param origin protocol, host and port, exactly
 */
export function pinnedPath(text: string, origin: string, path: RegExp): string | undefined {
  // What `URL` would pass over in silence, or take for a slash.
  if (text.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(text) || text.includes('\\')) {
    return undefined;
  }
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isOwn = url.origin === origin && url.username === '' && url.password === '';
  return isOwn && url.hash === '' && path.test(url.pathname)
    ? url.pathname + url.search
    : undefined;
}
