import { createHash } from 'node:crypto';
import type { Client } from '../../functions/attach/client.ts';
import { makeHandler, type Ports } from '../../functions/attach/handler.ts';
import { carryOut } from '../../shared/domain/rollouts/carry-out.ts';
import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { Action, ClientRule } from '../../shared/domain/model/policy.ts';
import type { Ecs } from '../../shared/domain/model/ports.ts';
import { ALWAYS } from '../../shared/domain/model/window.ts';
import type { HttpReply } from '../../shared/inbound/fc.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { ModelEcs } from '../../test/models/model-ecs.ts';
import { ModelStop } from '../../test/models/model-stop.ts';
import { ModelQueue } from '../../test/models/model-queue.ts';
import { ModelLedger } from '../../test/models/model-ledger.ts';
import { ModelMemories } from '../../test/models/model-memories.ts';
import { ModelPlans } from '../../test/models/model-plans.ts';
import { ModelRollouts } from '../../test/models/model-rollouts.ts';

/** Who asks in the examples. Secrets are worth nothing: the models run for the examples alone. */
export type Who = 'ci' | 'approver' | 'small' | 'stranger';

export interface ExampleRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** JSON, or a text that is sent as it is. */
  readonly body?: unknown;
  readonly id: string;
  readonly who?: Who;
  readonly contentType?: string;
}

const START_MS = Date.parse('2026-11-24T08:00:00Z');
const KEY_PAIRS = ['ops-2025', 'ops-2026', 'lab'].map((name, n) => ({
  name,
  fingerprint: `${n}0e8d1b7a2c94f3d5e6b7a8c9d0e1f2a`,
}));
const ACTIONS: readonly Action[] = [
  'ask',
  'see',
  'undo',
  'stop',
  'go',
  'pause',
  'resume',
  'abort',
  'approve',
  'deny',
  'resolve',
];

/** The webhook itself over models in memory, with the time standing still: its answers repeat. */
export class ExampleService {
  readonly #clock = { nowMs: () => START_MS };
  readonly #ecs: ModelEcs;
  readonly #ports: Ports;
  readonly #queue: ModelQueue;
  readonly #handle: ReturnType<typeof makeHandler>;
  /** What the next call for a key pair fails with. */
  #trouble: LatchkeyError | TypeError | undefined;

  constructor(snapshots: readonly Snapshot[]) {
    const clock = this.#clock;
    const times = { reactMs: 500, stoppingMs: 5_000, startingMs: 10_000 };
    this.#ecs = new ModelEcs(clock, KEY_PAIRS, snapshots, times);
    this.#queue = new ModelQueue(clock);
    this.#ports = {
      ecs: this.#troubled(),
      rollouts: new ModelRollouts(),
      memories: new ModelMemories(),
      plans: new ModelPlans(),
      ledger: new ModelLedger(),
      queue: this.#queue,
      stop: new ModelStop(),
      clock,
      log: () => {},
      sha256: (text) => createHash('sha256').update(text).digest(),
      rules: {
        scheduleOf: () => ALWAYS,
        hasGate: () => false,
        gateOf: () => null,
        revoked: [],
        channels: [{ id: 'ops', on: ['approval-needed', 'break-glass', 'halted', 'ended'] }],
      },
      policy: {
        optOut: { restart: 'latchkey:restart', attach: 'latchkey:attach' },
        allowDetach: false,
        clients: CLIENTS.map(({ rule }) => rule),
        people: [],
        chat: null,
      },
      regionId: 'cn-hangzhou',
      clients: CLIENTS,
    };
    this.#handle = makeHandler(this.#ports);
  }

  /** No restart of it is accepted from now on. */
  lock(instanceId: string): void {
    this.#ecs.change(instanceId, { isLocked: true });
  }

  /** What the function `restart` does at a message. */
  async wake(rolloutId: string): Promise<void> {
    const invocation = { deadlineMs: START_MS + 118_000, ownerUntilMs: START_MS + 150_000 };
    await carryOut(rolloutId, { kind: 'wake' }, this.#ports, invocation);
  }

  /** Every notice for the channel, in the order in which they were told. */
  notices(): NoticeMessage[] {
    return this.#queue.sent
      .map((body) => JSON.parse(body) as NoticeMessage & { readonly schema: string })
      .filter(({ schema }) => schema === 'latchkey.notice/1');
  }

  failNext(trouble: LatchkeyError | TypeError): void {
    this.#trouble = trouble;
  }

  send(request: ExampleRequest): Promise<HttpReply> {
    return this.#handle(Buffer.from(JSON.stringify(eventOf(request))), CONTEXT);
  }

  #troubled(): Ecs {
    const findKeyPair: Ecs['findKeyPair'] = async (name) => {
      const trouble = this.#trouble;
      this.#trouble = undefined;
      if (trouble !== undefined) throw trouble;
      return this.#ecs.findKeyPair(name);
    };
    return new Proxy<Ecs>(this.#ecs, {
      get: (ecs, key: keyof Ecs) =>
        key === 'findKeyPair' ? findKeyPair : (ecs[key] as (...args: never[]) => unknown).bind(ecs),
    });
  }
}

const CONTEXT = {
  requestId: '1-6744d180-15b9e2c0-3f5d6a7b8c9d',
  credentials: {},
  function: { name: 'latchkey-attach', timeout: 60 },
  region: 'cn-hangzhou',
  accountId: '1000000000000000',
};

const SECRETS: Readonly<Record<Who, string>> = {
  ci: secretOf(1),
  approver: secretOf(2),
  small: secretOf(3),
  stranger: secretOf(4),
};

function secretOf(n: number): string {
  return `whsec_${Buffer.alloc(24, n).toString('base64')}`;
}

const CLIENTS: readonly Client[] = [
  clientOf('ci', {}),
  clientOf('approver', { actions: ['see', 'approve', 'deny'] }),
  clientOf('small', { maxOpenRollouts: 1 }),
];

function clientOf(id: Who, over: Partial<ClientRule>): Client {
  const rule: ClientRule = {
    id,
    person: null,
    secretNames: [`${id.toUpperCase()}_SECRETS`],
    actions: ACTIONS,
    keyPairs: KEY_PAIRS.slice(0, 2),
    tags: {},
    maxInstances: 100,
    restart: ['auto', 'never'],
    attach: ['now', 'wave'],
    approval: null,
    schedule: ALWAYS,
    healthGate: null,
    breakGlass: true,
    maxOpenRollouts: 10,
    ...over,
  };
  return { rule, secrets: [parseWebhookSecret(SECRETS[id])] };
}

function eventOf(request: ExampleRequest): object {
  const { method, path, query = {}, id, who = 'ci', contentType = 'application/json' } = request;
  const body = bodyText(request.body);
  const pairs = Object.entries(query).map((pair) => pair.map(encodeURIComponent).join('='));
  const queryText = pairs.length === 0 ? '' : `?${pairs.toSorted().join('&')}`;
  const signed = signWebhook({
    secret: parseWebhookSecret(SECRETS[who]),
    id,
    timestampSec: START_MS / 1_000,
    body: method === 'POST' ? body : `${method} ${path}${queryText}`,
  });
  return {
    version: 'v1',
    rawPath: path,
    body,
    isBase64Encoded: false,
    headers: { 'Content-Type': contentType, ...signed },
    queryParameters: query,
    requestContext: { http: { method, path, sourceIp: '192.0.2.1' } },
  };
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
