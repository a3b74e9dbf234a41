import { type Asked, askedServer } from './asked-server.ts';

export interface Said {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text as it is. */
  readonly body: unknown;
  /** Runs before it is sent. */
  readonly meanwhile?: () => void;
}

/** A chat platform that answers each path with its next answer, or with 404. */
export async function platformServer(
  answers: Readonly<Record<string, readonly Said[]>>,
): Promise<{ readonly url: string; readonly asked: Asked[]; readonly told: () => string[] }> {
  const next = new Map(Object.entries(answers).map(([path, said]) => [path, [...said]]));
  const { url, asked } = await askedServer((response, request) => {
    const said = next.get((request.url ?? '').split('?', 1)[0]!)?.shift();
    const { status = 200, headers = {}, body } = said ?? { status: 404, body: 'nothing here' };
    said?.meanwhile?.();
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  return { url, asked, told: () => asked.map((one) => `${one.method} ${one.url}`) };
}

export function jsonOf(asked: Asked | undefined): unknown {
  return asked === undefined ? undefined : JSON.parse(asked.body.toString('utf8'));
}
