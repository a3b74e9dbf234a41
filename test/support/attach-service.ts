import type { Client } from '../../functions/attach/client.ts';
import { makeHandler } from '../../functions/attach/handler.ts';
import type { ConsoleDoor } from '../../functions/attach/look.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { ClientRule } from '../../shared/domain/model/policy.ts';
import type { Ecs, Log, RequestLedger } from '../../shared/domain/model/ports.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { ModelLedger } from '../models/model-ledger.ts';
import { aClient } from '../models/builders.ts';
import { anHttpEvent, BODY, context, SECRETS } from '../models/http-event.ts';
import { aWorld, type Interceptors } from '../models/world.ts';

/** The secret of the client `approver`. */
export const APPROVER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

/** `ci` and `approver`, which may do everything. The test may change `ci`. */
export function twoClients(over: Partial<ClientRule> = {}): Client[] {
  return [
    { rule: aClient(over), secrets: SECRETS },
    { rule: aClient({ id: 'approver' }), secrets: [parseWebhookSecret(APPROVER_SECRET)] },
  ];
}

/** How a request is sent: by `ci` and under a new id unless the test says otherwise. */
interface Sending {
  readonly id?: string;
  readonly secret?: string;
}

/** The webhook over the models. */
export function aService(
  snapshots: readonly Partial<Snapshot>[] = [{}],
  over: Interceptors & {
    readonly log?: Log;
    readonly clients?: readonly Client[];
    readonly ledger?: RequestLedger;
    readonly console?: ConsoleDoor;
  } = {},
) {
  const clients = over.clients ?? twoClients();
  const policy = { ...over.policy, clients: clients.map(({ rule }) => rule) };
  const world = aWorld(snapshots, { ...over, policy });
  const handler = makeHandler({
    ...world.ports,
    log: over.log ?? world.ports.log,
    regionId: 'cn-hangzhou',
    clients,
    ledger: over.ledger ?? new ModelLedger(),
    ...(over.console && { console: over.console }),
  });
  const send = async (event: Buffer) => {
    const reply = await handler(event, context);
    return { ...reply, json: JSON.parse(reply.body) };
  };
  /** Signed now, under a new id. */
  let sent = 0;
  const signedNow = () => ({
    id: `msg_${++sent}`,
    timestampSec: Math.floor(world.now() / 1_000),
  });
  const get = (path: string, query: Readonly<Record<string, string>> = {}, over: Sending = {}) =>
    send(anHttpEvent({ ...signedNow(), ...over, method: 'GET', path, query }));
  const post = (path: string, body: unknown, over: Sending = {}) =>
    send(anHttpEvent({ ...signedNow(), ...over, path, body }));
  return {
    world,
    /** The raw answer. */
    reply: (event: Buffer) => handler(event, context),
    send,
    get,
    post,
    /** Asks for a rollout of all instances, without bake time. @returns its id */
    async begin(change: Readonly<Record<string, unknown>> = {}): Promise<string> {
      const instanceIds = snapshots.map(({ instanceId = 'i-a' }) => instanceId);
      const { json } = await post('/rollouts', { ...BODY, instanceIds, bakeSeconds: 0, ...change });
      return json.rolloutId;
    },
    /** `POST /rollouts/{id}/{action}`, as in docs/http.md. */
    control: (
      rolloutId: string,
      action: string,
      fields: Readonly<Record<string, unknown>> = {},
      over: Sending = {},
    ) => post(`/rollouts/${rolloutId}/${action}`, { rolloutId, action, ...fields }, over),
  };
}

/** `i-a`, `i-b` … all Running in one zone: `i-a` is the canary. */
export function aFleet(size: number): Partial<Snapshot>[] {
  return Array.from({ length: size }, (_, n) => ({
    instanceId: `i-${String.fromCodePoint(97 + n)}`,
  }));
}

/** An ECS that refuses to reboot the instances in the set. */
export function refusing(instanceIds: ReadonlySet<string>): (ecs: Ecs) => Ecs {
  return (ecs) => ({
    ...bound(ecs),
    async rebootInstances(ids) {
      const taken = ids.filter((id) => !instanceIds.has(id));
      const answer =
        taken.length > 0 ? await ecs.rebootInstances(taken) : { requestId: 'r-0', outcomes: [] };
      const outcomes = new Map(answer.outcomes.map((one) => [one.instanceId, one]));
      return {
        requestId: answer.requestId,
        outcomes: ids.map(
          (instanceId) =>
            outcomes.get(instanceId) ?? {
              instanceId,
              kind: 'failed',
              code: 'OperationDenied',
              message: 'The operation is denied',
            },
        ),
      };
    },
  });
}

/** Not a spread, which would lose the methods of a class. */
function bound(ecs: Ecs): Ecs {
  return {
    describeInstances: (ids) => ecs.describeInstances(ids),
    describeGroup: (key, values) => ecs.describeGroup(key, values),
    selectInstances: (selector, atMost) => ecs.selectInstances(selector, atMost),
    findKeyPair: (name) => ecs.findKeyPair(name),
    attachKeyPair: (name, ids) => ecs.attachKeyPair(name, ids),
    detachKeyPair: (name, ids) => ecs.detachKeyPair(name, ids),
    rebootInstances: (ids) => ecs.rebootInstances(ids),
    startInstances: (ids) => ecs.startInstances(ids),
    rehearse: (how) => ecs.rehearse(how),
  };
}
