import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import { makeHandler as makeAttach } from '../../functions/attach/handler.ts';
import { makeHandler as makeRestart } from '../../functions/restart/handler.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { Reply } from '../../shared/domain/model/messages.ts';
import { textOf } from '../../shared/domain/chat/chat-text.ts';
import type { ChatAccount, Platform } from '../../shared/domain/model/chat.ts';
import type { Order, OrderCommand } from '../../shared/domain/model/order.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import { orderIdOf } from '../../shared/domain/chat/orders.ts';
import type { ClientRule, Person, Policy } from '../../shared/domain/model/policy.ts';
import type { Log } from '../../shared/domain/model/ports.ts';
import type { RolloutRequest } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { ModelQueue } from '../models/model-queue.ts';
import { ModelLedger } from '../models/model-ledger.ts';
import { aClient, aPolicy, aRequest, aSnapshot, sha256 } from '../models/builders.ts';
import { aChatRule } from './chat-builders.ts';
import { aBatch, TICK } from './cloud-events.ts';
import { anHttpEvent, context } from '../models/http-event.ts';
import { aWorld, type Interceptors } from '../models/world.ts';

const TENANTS = { slack: 'T0001', dingtalk: 'ding0001', feishu: 'tenant0001' } as const;

/** `alice` in Slack is `slack:alice`. */
function accountOf(name: string): ChatAccount {
  const [platform, user] = name.split(':') as [Platform, string];
  return { platform, tenant: TENANTS[platform], user };
}

/** A person who may do everything, with an account on each platform: `slack:alice`, … */
export function someone(id: string, over: Partial<ClientRule> = {}): Person {
  const accounts = (['slack', 'dingtalk', 'feishu'] as const).map((platform) =>
    accountOf(`${platform}:${id}`),
  );
  return { id, accounts, rule: aClient({ id, person: id, secretNames: [], ...over }) };
}

/** A client with a secret of its own. */
export function signing(rule: ClientRule, n: number) {
  const secret = `whsec_${Buffer.alloc(24, n).toString('base64')}`;
  return { client: { rule, secrets: [parseWebhookSecret(secret)] }, secret };
}

const TIMEOUT_SEC = 120;

/** `restart` over the models, which gets orders from chats, and `attach` next to it. */
export function anOrderWorld(
  snapshots: readonly Partial<Snapshot>[],
  policy: Partial<Policy> & { readonly people: readonly Person[] },
  over: Interceptors & {
    readonly clients?: readonly ReturnType<typeof signing>[];
    readonly log?: Log;
    readonly timeoutSec?: number;
  } = {},
) {
  const { clients = [], log, timeoutSec = TIMEOUT_SEC } = over;
  const whole = { chat: aChatRule(), clients: clients.map(({ client }) => client.rule), ...policy };
  const world = aWorld(snapshots, { ...over, policy: whole });
  const chatQueue = new ModelQueue(world.ports.clock);
  const deadLetters = new ModelQueue(world.ports.clock);
  const ledger = new ModelLedger();
  /** The policy that is deployed now. */
  let deployed = aPolicy(whole);
  const ports = () => ({
    ...world.ports,
    log: log ?? world.ports.log,
    policy: deployed,
    regionId: 'cn-hangzhou',
    ledger,
  });
  const ofRestart = { ...context, function: { name: 'latchkey-restart', timeout: timeoutSec } };
  const notifier = { deliver: async () => ({ kind: 'delivered' }) as const };
  const onRestart = (event: Buffer) =>
    makeRestart({ ...ports(), chatQueue, deadLetters, notifier })(event, ofRestart);
  let lines = 0;
  let requests = 0;

  /** A line or a button press of an account, as the function `chat` sends it on. */
  const anOrder = (name: string, command: OrderCommand, change: Partial<Order> = {}): Order => {
    const account = accountOf(name);
    const { platform, tenant, user } = account;
    lines += 1;
    return {
      id: orderIdOf(platform, tenant, `line-${lines}`, sha256),
      personId:
        deployed.people.find((one) => one.accounts.some((a) => a.user === user))?.id ?? user,
      account,
      replyTo: {
        place: { platform, tenant, channel: 'C0001' },
        user,
        url: '',
        untilMs: 0,
        messageId: '',
      },
      atMs: world.now(),
      via: 'line',
      text: textOf(command),
      command,
      ...change,
    };
  };
  const answers = () =>
    chatQueue.receive(100).map((body) => JSON.parse(body) as Reply & { readonly schema: string });
  const told = {
    world,
    chatQueue,
    deadLetters,
    anOrder,
    answers,
    /** Delivers messages to `restart`. */
    deliver: (...orders: readonly Order[]) =>
      onRestart(aBatch(orders.flatMap((order) => bodiesOf({ kind: 'order', order })))),
    deliverBodies: (bodies: readonly string[]) => onRestart(aBatch(bodies)),
    tick: () => onRestart(TICK),
    /** Delivers one order. @returns the one answer, which goes to the person who ordered */
    async say(name: string, command: OrderCommand, change: Partial<Order> = {}): Promise<Card> {
      const order = anOrder(name, command, change);
      await told.deliver(order);
      const [answer, ...others] = answers();
      if (answer === undefined || others.length > 0) {
        throw new RangeError(`Cannot take one answer out of ${others.length}`);
      }
      return answer.card;
    },
    /** An order that asks for all instances. */
    asking: (over: Partial<RolloutRequest> = {}): OrderCommand => ({
      kind: 'ask',
      request: aRequest({
        instanceIds: snapshots.map((one) => aSnapshot(one).instanceId),
        ramp: 'doubling',
        ...over,
      }),
    }),
    /** Deploys another policy. */
    deploy(change: Partial<Policy>): void {
      deployed = { ...deployed, ...change };
    },
    /** The rollouts, oldest first. */
    rollouts: (): Rollout[] =>
      world.rollouts.all().toSorted((a, b) => a.createdAtMs - b.createdAtMs),
    async post(path: string, body: unknown, secret: string) {
      const handle = makeAttach({ ...ports(), clients: clients.map(({ client }) => client) });
      const timestampSec = Math.floor(world.now() / 1_000);
      requests += 1;
      const sent = { id: `msg_${requests}`, timestampSec, secret, path, body };
      const reply = await handle(anHttpEvent(sent), context);
      return { ...reply, json: JSON.parse(reply.body) };
    },
  };
  return told;
}

/** The whole text of a card. */
export function wordsOf({ title, blocks }: Card): string {
  const texts = blocks.flatMap((block) =>
    block.kind === 'facts' ? block.facts.map((pair) => pair.join(': ')) : [block.text],
  );
  return [title, ...texts].join('\n');
}
