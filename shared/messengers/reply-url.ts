/** Longest address: our own choice, several times as long as any that was seen. */
const MAX_LENGTH = 2_000;

/** Where a platform may want to be answered. */
export interface PinnedUrl {
  /** `https://` and the host. */
  readonly origin: string;
  readonly path: RegExp;
  /** Of a loopback host, for tests: it takes the place of `origin`. */
  readonly endpoint: string | undefined;
}

/**
 * The address, if it is one of the platform's own; '' for every other one, which gets no answer: it may
 * come from somebody who wants us to call it.
 */
export function pinnedUrl(text: string, { origin, path, endpoint }: PinnedUrl): string {
  // What `URL` would pass over in silence, or take for a slash.
  if (text.length > MAX_LENGTH || !/^[\x21-\x7e]+$/.test(text) || text.includes('\\')) return '';
  if (!URL.canParse(text)) return '';
  const url = new URL(text);
  const wanted = endpoint === undefined ? origin : new URL(endpoint).origin;
  const isOwn = url.origin === wanted && url.username === '' && url.password === '';
  return isOwn && path.test(url.pathname) && url.hash === '' ? url.href : '';
}
