const PAGE = '/console/';
const API = '/console/api/';

/** The paths below `API`: all are read-only. */
const ASKED = /^(?:stop|rollouts(?:\/(ro-[a-z2-7]{26}))?)$/;

/** Nothing from another origin, nothing inline, and not in a frame. */
export const CONSOLE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Reads one of the page's files; undefined when there is no file with this name. */
type ReadConsoleFile = (name: string) => string | undefined;

export type Question =
  | { readonly kind: 'list' }
  | { readonly kind: 'see-stop' }
  | { readonly kind: 'see'; readonly rolloutId: string };

type ConsolePart =
  | {
      readonly kind: 'file';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** Latchkey answers the question; `path` is the path of its own API. */
  | { readonly kind: 'ask'; readonly path: string; readonly question: Question }
  | { readonly kind: 'nothing' };

export function isConsole(path: string): boolean {
  return path === '/console' || path.startsWith(PAGE);
}

/** What is at a path of the console. Does not check who asks. */
export function consolePart(path: string, read: ReadConsoleFile): ConsolePart {
  // The files refer to each other relative to this path.
  if (path === '/console') return reply(308, { location: PAGE }, '');
  if (path.startsWith(API)) return asked(path.slice(API.length));
  const name = path === PAGE ? 'index.html' : path.slice(PAGE.length);
  const ending = /^[a-z][a-z-]*\.(html|css|js)$/.exec(name)?.[1];
  const text = ending === undefined ? undefined : read(name);
  if (text === undefined) return { kind: 'nothing' };
  return reply(200, { 'content-type': TYPES[ending!]! }, text);
}

function asked(path: string): ConsolePart {
  const match = ASKED.exec(path);
  if (match === null) return { kind: 'nothing' };
  const [, rolloutId] = match;
  const question: Question =
    rolloutId === undefined
      ? { kind: path === 'stop' ? 'see-stop' : 'list' }
      : { kind: 'see', rolloutId };
  return { kind: 'ask', path: `/${path}`, question };
}

function reply(status: number, more: Readonly<Record<string, string>>, body: string): ConsolePart {
  return { kind: 'file', status, headers: { ...CONSOLE_HEADERS, ...more }, body };
}
