import { bodiesOf } from '../../shared/contract/messages/codec.ts';
import {
  makeHandler,
  type MessengerReport,
  type Ports,
} from '../../functions/messenger/handler.ts';
import { ask } from '../../shared/domain/rollouts/ask.ts';
import type { SignButton } from '../../shared/domain/chat/card-tokens.ts';
import type { ChatPlace } from '../../shared/domain/model/chat.ts';
import { OUTBOUND } from '../../shared/messengers/registry/outbound.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Log, Queue } from '../../shared/domain/model/ports.ts';
import type { Origin, RolloutRequest } from '../../shared/domain/model/request.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { ModelQueue } from '../models/model-queue.ts';
import { ModelLedger } from '../models/model-ledger.ts';
import { anOrigin, aPolicy, aRequest, aSnapshot } from '../models/builders.ts';
import { aChannel, aChatRule, aPerson } from './chat-builders.ts';
import { aBatch } from './cloud-events.ts';
import { FakeChat } from '../models/fake-chat.ts';
import { context } from '../models/http-event.ts';
import { ModelCards } from '../models/model-cards.ts';
import { aWorld, rolloutIn } from '../models/world.ts';

/** Signs readably, so that a test can check what is signed. */
const signButton: SignButton = ({ place, ...terms }) =>
  JSON.stringify({ ...terms, channel: place.channel });

/** The time limit of `messenger`. */
const TIMEOUT_SEC = 60;

/** The function `messenger`, next to a world of rollouts. */
export function aMessenger(
  over: {
    readonly snapshots?: readonly Partial<Snapshot>[];
    readonly policy?: Partial<Policy>;
    readonly ports?: Partial<Ports>;
    readonly timeoutSec?: number;
    /** Put in front of the function's own queue. */
    readonly inFrontOf?: (queue: Queue) => Queue;
  } = {},
) {
  const { snapshots = [{}] } = over;
  const world = aWorld(snapshots);
  const chatOut = new FakeChat();
  const cards = new ModelCards();
  const chatQueue = new ModelQueue(world.ports.clock);
  const deadLetters = new ModelQueue(world.ports.clock);
  const lines: [level: string, event: string, fields: unknown][] = [];
  const log: Log = (level, event, fields) => lines.push([level, event, fields]);
  const policy = aPolicy({
    chat: aChatRule({ channels: [aChannel()] }),
    people: [aPerson()],
    ...over.policy,
  });
  const ports: Ports = {
    rollouts: world.rollouts,
    clock: world.ports.clock,
    sha256: world.ports.sha256,
    ledger: new ModelLedger(),
    chatOut,
    cards,
    chatQueue: over.inFrontOf?.(chatQueue) ?? chatQueue,
    deadLetters,
    signButton,
    updateEveryMs: (platform) => OUTBOUND[platform].updateEveryMs,
    policy,
    log,
    ...over.ports,
  };
  const timeout = over.timeoutSec ?? TIMEOUT_SEC;
  const handler = makeHandler(ports);
  const ofMessenger = { ...context, function: { name: 'latchkey-messenger', timeout } };
  const deliver = (bodies: readonly string[]): Promise<MessengerReport> =>
    handler(aBatch(bodies), ofMessenger);
  /** Delivers the messages that are visible now. @returns their number */
  const receive = async (): Promise<number> => {
    const bodies = chatQueue.receive(100);
    try {
      if (bodies.length > 0) await deliver(bodies);
    } catch (error) {
      // The platform does the same with a batch that was not processed.
      chatQueue.post(bodies, 1);
      throw error;
    }
    return bodies.length;
  };
  return {
    world,
    chatOut,
    cards,
    chatQueue,
    deadLetters,
    lines,
    ports,
    deliver,
    handler: (event: Buffer) => handler(event, ofMessenger),
    /** Asks for a rollout of all instances, by default through the webhook. */
    async begin(
      request: Partial<RolloutRequest> = {},
      origin: Partial<Origin> = {},
    ): Promise<Rollout> {
      const instanceIds = snapshots.map((one) => aSnapshot(one).instanceId);
      const whole = aRequest({ instanceIds, ...request });
      const nowMs = world.now();
      const invocation = { deadlineMs: nowMs + 118_000, ownerUntilMs: nowMs + 150_000 };
      const asker = { client: null };
      return rolloutIn(await ask(whole, anOrigin(origin), world.ports, invocation, asker));
    },
    /** Changes the rollout, as a step would. */
    async change(rollout: Rollout, change: Partial<Rollout>): Promise<Rollout> {
      const before = await world.rollout(rollout.rolloutId);
      const after = { ...before, ...change, version: before.version + 1, updatedAtMs: world.now() };
      await world.rollouts.save(before, after);
      return after;
    },
    /** Wakes the cards, as `attach` or `restart` would after a save. */
    look: ({ rolloutId }: Pick<Rollout, 'rolloutId'>) =>
      deliver(bodiesOf({ kind: 'card', rolloutId })),
    /** Lets time pass and delivers the messages that come. @returns their number */
    async passAndReceive(ms: number): Promise<number> {
      const endMs = world.now() + ms;
      let received = 0;
      for (;;) {
        const nextMs = chatQueue.nextMs();
        if (nextMs === undefined || nextMs > endMs) break;
        world.pass(Math.max(0, nextMs - world.now()));
        received += await receive();
      }
      world.pass(endMs - world.now());
      return received;
    },
    state: ({ rolloutId }: Rollout, place: ChatPlace) => cards.peek(rolloutId, place),
  };
}
