import { isUtf8 } from 'node:buffer';
import type { WireRequest } from '../../../http/wire.ts';

/** Version 1 of the HTTP trigger's event. */
export interface HttpEvent {
  readonly version: 'v1';
  readonly rawPath: string;
  readonly body: string;
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly queryParameters: Readonly<Record<string, string>>;
  readonly requestContext: {
    readonly accountId: string;
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: 'HTTP/1.1';
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly time: string;
    /** Milliseconds as a string */
    readonly timeEpoch: string;
    readonly triggerId: string;
  };
}

export interface HttpEventFacts {
  readonly accountId: string;
  readonly regionId: string;
  readonly triggerId: string;
  readonly requestId: string;
  readonly nowMs: number;
}

/** Headers that a client may not set, and headers that the platform's Go server removes. */
const DROPPED = new Set(['connection', 'keep-alive', 'host', 'transfer-encoding']);
/** Which types count as text is not documented: our own choice. */
const TEXT = /^(?:text\/|application\/(?:json|xml|x-www-form-urlencoded)(?:;|$))/;

export function httpEvent(request: WireRequest, facts: HttpEventFacts): HttpEvent {
  const { headers, body } = request;
  const isText =
    body.length === 0 ||
    (TEXT.test((headers['content-type'] ?? '').trim().toLowerCase()) && isUtf8(body));
  return {
    version: 'v1',
    rawPath: request.path,
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !DROPPED.has(name) && !name.startsWith('x-fc-'))
        .map(([name, value]) => [canonicalName(name), value]),
    ),
    queryParameters: queryParameters(request.query),
    requestContext: {
      accountId: facts.accountId,
      domainName: `${facts.triggerId}.${facts.regionId}.fcapp.run`,
      domainPrefix: facts.triggerId,
      http: {
        method: request.method,
        path: decoded(request.path),
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      time: `${new Date(facts.nowMs).toISOString().slice(0, 19)}Z`,
      timeEpoch: String(facts.nowMs),
      triggerId: facts.triggerId,
    },
  };
}

/** `X-Acs-Date`: header names as Go writes them, as in the captured event of fc3. */
export function canonicalName(name: string): string {
  return name
    .toLowerCase()
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('-');
}

/** The values of a repeated name are joined by a comma. */
function queryParameters(query: string): Record<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const earlier = found.get(name);
    found.set(name, earlier === undefined ? value : `${earlier},${value}`);
  }
  return Object.fromEntries(found);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
