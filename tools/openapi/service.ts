import type { Client } from '../../functions/attach/client.ts';
import { makeHandler, type Ports } from '../../functions/attach/handler.ts';
import { carryOut } from '../../shared/domain/rollouts/carry-out.ts';
import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { ClientRule } from '../../shared/domain/model/policy.ts';
import type { HttpReply } from '../../shared/inbound/fc.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { aClient, aPolicy, sha256, silent, someRules } from '../../test/models/builders.ts';
import { anHttpEvent, context } from '../../test/models/http-event.ts';
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
/** The webhook itself over models in memory, with the time standing still: its answers repeat. */
export class ExampleService {
  readonly #ecs: TroubledEcs;
  readonly #ports: Ports;
  readonly #queue: ModelQueue;
  readonly #handle: ReturnType<typeof makeHandler>;

  constructor(snapshots: readonly Snapshot[]) {
    const clock = { nowMs: () => START_MS };
    const times = { reactMs: 500, stoppingMs: 5_000, startingMs: 10_000 };
    this.#ecs = new TroubledEcs(clock, KEY_PAIRS, snapshots, times);
    this.#queue = new ModelQueue(clock);
    this.#ports = {
      ecs: this.#ecs,
      rollouts: new ModelRollouts(),
      memories: new ModelMemories(),
      plans: new ModelPlans(),
      ledger: new ModelLedger(),
      queue: this.#queue,
      stop: new ModelStop(),
      clock,
      log: silent,
      sha256,
      rules: someRules({
        channels: [{ id: 'ops', on: ['approval-needed', 'break-glass', 'halted', 'ended'] }],
      }),
      policy: aPolicy({ clients: CLIENTS.map(({ rule }) => rule) }),
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
    this.#ecs.trouble = trouble;
  }

  send({ who = 'ci', contentType, body = '', ...request }: ExampleRequest): Promise<HttpReply> {
    const event = anHttpEvent({
      ...request,
      body,
      secret: SECRETS[who],
      timestampSec: START_MS / 1_000,
      headers: contentType === undefined ? {} : { 'Content-Type': contentType },
    });
    return this.#handle(event, { ...context, requestId: '1-6744d180-15b9e2c0-3f5d6a7b8c9d' });
  }
}

class TroubledEcs extends ModelEcs {
  /** What the next call for a key pair fails with. */
  trouble: LatchkeyError | TypeError | undefined;

  override async findKeyPair(name: string): ReturnType<ModelEcs['findKeyPair']> {
    const { trouble } = this;
    this.trouble = undefined;
    if (trouble !== undefined) throw trouble;
    return super.findKeyPair(name);
  }
}

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
  const rule = aClient({
    id,
    keyPairs: KEY_PAIRS.slice(0, 2),
    maxInstances: 100,
    maxOpenRollouts: 10,
    ...over,
  });
  return { rule, secrets: [parseWebhookSecret(SECRETS[id])] };
}
