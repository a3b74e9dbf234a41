import { now } from '../../shared/domain/model/messages.ts';
import type { Queue, RequestLedger } from '../../shared/domain/model/ports.ts';
import { attemptAll } from '../../shared/domain/rollouts/attempt-all.ts';
import { carryOut, type Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import { deliverNotices, type NoticePorts } from '../../shared/domain/rollouts/deliver-notice.ts';
import {
  answerLaunches,
  type LaunchPorts,
} from '../../shared/domain/rollouts/launches/answer-launches.ts';
import { carryOutOrder } from '../../shared/domain/rollouts/orders/carry-out-order.ts';
import type { OrderPorts } from '../../shared/domain/rollouts/orders/person-order.ts';
import { answerProbe, restartRefusals } from '../../shared/domain/rollouts/probe.ts';
import { sweepOpen } from '../../shared/domain/rollouts/sweep-open.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { readRestartEvent, type RestartEvent } from '../../shared/inbound/restart-event.ts';

/** `deadLetters` takes what cannot be processed, for a person to look at. */
export type Ports = LaunchPorts &
  NoticePorts &
  Omit<OrderPorts, 'chatQueue'> & {
    readonly ledger: RequestLedger;
    /** Missing where the policy has no chats: then there are no orders. */
    readonly chatQueue?: Queue;
  };

type RestartReport =
  | {
      readonly kind: 'messages';
      readonly rollouts: number;
      readonly launches: number;
      readonly notices: number;
      readonly orders: number;
      /** Messages that cannot be read, rollouts that do not exist, and orders without a chat. */
      readonly deadLetters: number;
    }
  | { readonly kind: 'state-change'; readonly instanceId: string }
  | { readonly kind: 'tick'; readonly rollouts: number };

/**
 * Moves rollouts on by messages and by the timer, and stores what state-change events show. Begins the rollouts
 * of launches, carries out orders from chats, and delivers notices.
 *
 * @throws {LatchkeyError} when a part could not be done. The platform then delivers the whole batch again, and
 * what was done is not done twice
 */
export function makeHandler(ports: Ports) {
  return async (bytes: Uint8Array, context: FcContext): Promise<RestartReport> => {
    const startedMs = ports.clock.nowMs();
    const report = await handle(bytes, invocationOf(context, startedMs), ports);
    const level = report.kind === 'state-change' ? 'debug' : 'info';
    ports.log(level, report.kind, { ...report, tookMs: ports.clock.nowMs() - startedMs });
    return report;
  };
}

async function handle(
  bytes: Uint8Array,
  invocation: Invocation,
  ports: Ports,
): Promise<RestartReport> {
  const event = readRestartEvent(bytes);
  switch (event.kind) {
    case 'state-change':
      // Stored with the instance, not with the rollout: it is needed only when an answer was lost, and a
      // thousand events must not compete for one row.
      if (event.state !== 'Running') await ports.memories.witness(event.instanceId, event.atMs);
      return { kind: event.kind, instanceId: event.instanceId };
    case 'tick':
      return { kind: event.kind, rollouts: await sweepOpen(ports, invocation) };
    case 'messages':
      return handleMessages(event, invocation, ports);
  }
}

async function handleMessages(
  event: RestartEvent & { readonly kind: 'messages' },
  invocation: Invocation,
  ports: Ports,
): Promise<RestartReport> {
  const { chatQueue, ecs, ledger, log } = ports;
  const { messages } = event;
  const rolloutIds = new Set(
    messages.flatMap((message) => {
      if (message.kind === 'wake') return message.rolloutId;
      return message.kind === 'result' ? message.result.rolloutId : [];
    }),
  );
  const launches = messages.flatMap((one) => (one.kind === 'launch' ? one.launch : []));
  const gathered = messages.flatMap((one) => (one.kind === 'launches' ? one.launches : []));
  const notices = messages.flatMap((one) => (one.kind === 'notice' ? one.notice : []));
  const probeIds = messages.flatMap((one) => (one.kind === 'probe' ? one.id : []));
  // Each order once, in the order of the first messages.
  const orders = new Map(
    messages.flatMap((one) => (one.kind === 'order' ? [[one.order.id, one.order] as const] : [])),
  );
  const dead = event.unreadable.map(({ text, why }) => deadLetter(text, why));
  const errors = [
    // Orders first, because a person waits for the answer.
    ...(await attemptAll(
      [...orders.values()].map((order) => async () => {
        if (chatQueue === undefined) {
          // By its id only: the text and the chat are for its author alone.
          dead.push(deadLetter(order.id, 'the policy has no chats'));
        } else await carryOutOrder(order, { ...ports, chatQueue }, invocation);
      }),
      log,
    )),
    ...(await attemptAll(
      [...rolloutIds].map((rolloutId) => async () => {
        const rollout = await carryOut(rolloutId, { kind: 'wake' }, ports, invocation);
        if (rollout === undefined) dead.push(deadLetter(rolloutId, 'no such rollout'));
      }),
      log,
    )),
    ...(await attemptAll([() => answerLaunches(launches, gathered, ports, invocation)], log)),
    ...(await attemptAll([() => deliverNotices(notices, ports, invocation)], log)),
    ...(await attemptAll(
      probeIds.map((id) => async () => answerProbe(id, await restartRefusals(ecs), ledger)),
      log,
    )),
    ...(await ports.deadLetters.send(dead)),
  ];
  const first = errors.find((error) => error !== undefined);
  // Thrown so that the batch is delivered again: not even an unreadable message may get lost.
  if (first !== undefined) throw first;
  return {
    kind: event.kind,
    rollouts: rolloutIds.size,
    launches: launches.length + gathered.length,
    notices: notices.length,
    orders: orders.size,
    deadLetters: dead.length,
  };
}

const deadLetter = (about: string, why: string) => now({ kind: 'dead', why, about });
