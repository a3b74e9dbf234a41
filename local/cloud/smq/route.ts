import type { WireRequest } from '../../http/wire.ts';

export const ACTION_NAMES = [
  'CreateQueue',
  'DeleteQueue',
  'ListQueue',
  'GetQueueAttributes',
  'SetQueueAttributes',
  'SendMessage',
  'BatchSendMessage',
  'ReceiveMessage',
  'BatchReceiveMessage',
  'PeekMessage',
  'BatchPeekMessage',
  'DeleteMessage',
  'BatchDeleteMessage',
  'ChangeMessageVisibility',
] as const;

export type ActionName = (typeof ACTION_NAMES)[number];

export interface Route {
  readonly action: ActionName;
  /** '' for ListQueue. */
  readonly queueName: string;
  /** Names in lower case: the SDKs do not agree on theirs. */
  readonly query: ReadonlyMap<string, string>;
}

/** The action that method, path, query and, for batches, the root of the body name. */
export function routeOf(request: WireRequest): Route | undefined {
  const query = queryOf(request.query);
  if (/^\/queues\/?$/.test(request.path)) {
    return request.method === 'GET' ? { action: 'ListQueue', queueName: '', query } : undefined;
  }
  const [, queueName, messages] = /^\/queues\/([^/]+)(\/messages)?$/.exec(request.path) ?? [];
  if (queueName === undefined) return undefined;
  const action =
    messages === undefined
      ? queueAction(request.method, query)
      : messageAction(request.method, query, request.body);
  return action && { action, queueName, query };
}

function queueAction(method: string, query: ReadonlyMap<string, string>): ActionName | undefined {
  if (method === 'GET') return 'GetQueueAttributes';
  if (method === 'DELETE') return 'DeleteQueue';
  if (method !== 'PUT') return undefined;
  return query.get('metaoverride') === 'true' ? 'SetQueueAttributes' : 'CreateQueue';
}

function messageAction(
  method: string,
  query: ReadonlyMap<string, string>,
  body: Buffer,
): ActionName | undefined {
  const batch = query.has('numofmessages');
  switch (method) {
    case 'GET':
      if (query.get('peekonly') === 'true') return batch ? 'BatchPeekMessage' : 'PeekMessage';
      return batch ? 'BatchReceiveMessage' : 'ReceiveMessage';
    case 'POST':
      return rootNameOf(body) === 'Messages' ? 'BatchSendMessage' : 'SendMessage';
    case 'DELETE':
      return body.length > 0 && !query.has('receipthandle')
        ? 'BatchDeleteMessage'
        : 'DeleteMessage';
    case 'PUT':
      return 'ChangeMessageVisibility';
    default:
      return undefined;
  }
}

/** Only a look: the action itself reads the document. */
function rootNameOf(body: Buffer): string | undefined {
  return /<([A-Za-z]\w*)/.exec(body.subarray(0, 1_024).toString('latin1'))?.[1];
}

/** A plus sign stays one: `@alicloud/mns` sends receipt handles unencoded. */
function queryOf(query: string): Map<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '');
  return new Map(
    pairs.map((pair) => {
      const mark = pair.indexOf('=');
      const [name, value] = mark < 0 ? [pair, ''] : [pair.slice(0, mark), pair.slice(mark + 1)];
      return [decoded(name).toLowerCase(), decoded(value)] as const;
    }),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
