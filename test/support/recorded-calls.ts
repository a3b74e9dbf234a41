import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TABLES } from '../../shared/outbound/store/tables.ts';

/** What RAM checks for one call: an action on a resource. */
interface AskedOf {
  /** `ots:GetRow`. */
  readonly action: string;
  /** The last part of a resource in a policy: `instance/latchkey/table/plans`. */
  readonly resource: string;
}

/** Works for the RPC style and for ACS3. */
function ofEcs({ headers, url }: IncomingMessage, body: Buffer): AskedOf[] {
  const query = new URLSearchParams(`${new URL(url!, 'http://ecs').search}&${body.toString()}`);
  const action = headers['x-acs-action'] ?? query.get('Action');
  const resource = action === 'DescribeKeyPairs' ? 'keypair/*' : 'instance/*';
  return [{ action: `ecs:${String(action)}`, resource }];
}

/** Batch actions are authorised like the single ones: docs/permissions.md. */
function ofSmq({ method, url }: IncomingMessage): AskedOf[] {
  const action = method === 'POST' ? 'SendMessage' : method;
  return [{ action: `mns:${action}`, resource: new URL(url!, 'http://smq').pathname }];
}

/** Each table of a batch is authorised. */
function ofTablestore({ url, headers }: IncomingMessage, body: Buffer): AskedOf[] {
  const instance = String(headers['x-ots-instancename']);
  const tables = TABLES.map(({ name }) => name).filter((name) => body.includes(asField(name)));
  return tables.map((table) => ({
    action: `ots:${url!.slice(1)}`,
    resource: `instance/${instance}/table/${table}`,
  }));
}

/** The table name is the first field of a request, and of each part of a batch. */
function asField(name: string): Buffer {
  return Buffer.from([0x0a, name.length, ...Buffer.from(name)]);
}

const SERVICES = { ecs: ofEcs, smq: ofSmq, tablestore: ofTablestore } as const;
type Service = keyof typeof SERVICES;

/**
 * A proxy between functions and a local cloud, which records what each role asks for.
 *
 * @param options.target the local cloud's endpoint of a service
 * @param options.roleOf the role that an access key belongs to
 */
export async function recordedCalls(options: {
  readonly target: (service: Service) => string;
  readonly roleOf: (accessKeyId: string) => string | undefined;
}) {
  const seen = new Map<string, Set<string>>();
  const servers: Server[] = [];
  const listen = async (service: Service): Promise<string> => {
    const server = createServer((incoming, answer) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks);
        const role = options.roleOf(accessKeyOf(incoming));
        for (const { action, resource } of SERVICES[service](incoming, body)) {
          const calls = seen.get(role ?? '') ?? new Set();
          seen.set(role ?? '', calls.add(`${action} ${resource}`));
        }
        const { method, headers, url } = incoming;
        const onward = request(`${options.target(service)}${url}`, { method, headers }, (reply) => {
          answer.writeHead(reply.statusCode!, reply.headers);
          reply.pipe(answer);
        });
        onward.on('error', () => answer.destroy());
        onward.end(body);
      });
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const environment = {
    ECS_ENDPOINT: await listen('ecs'),
    SMQ_ENDPOINT: await listen('smq'),
    TABLESTORE_ENDPOINT: await listen('tablestore'),
  };
  return {
    environment,
    /** `ots:GetRow instance/latchkey/table/plans`, by role, sorted. */
    calls: (role: string) => [...(seen.get(role) ?? [])].toSorted(),
    roles: () => [...seen.keys()].toSorted(),
    close() {
      for (const server of servers) {
        server.close();
        server.closeAllConnections();
      }
    },
  };
}

function accessKeyOf({ headers }: IncomingMessage): string {
  const inHeader = headers['x-ots-accesskeyid'];
  if (typeof inHeader === 'string') return inHeader;
  const { authorization = '' } = headers;
  return (
    /Credential=([^,]+)/.exec(authorization)?.[1] ?? /^MNS ([^:]+):/.exec(authorization)?.[1] ?? ''
  );
}
