import type { Launch } from '../../shared/domain/model/launch.ts';
import type { NoticeMessage } from '../../shared/domain/model/notice-message.ts';
import type { Order } from '../../shared/domain/model/order.ts';
import { now, type OutMessage } from '../../shared/domain/model/messages.ts';
import { carryOut, type Invocation } from '../../shared/domain/rollouts/carry-out.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { statusOf } from '../../shared/domain/model/outcome.ts';
import { mapPool } from '../../shared/lib/pool.ts';
import { answerProbe, type Refusal } from '../../shared/domain/rollouts/probe.ts';
import type { Queue, RequestLedger } from '../../shared/domain/model/ports.ts';
import type { Rollout } from '../../shared/domain/model/rollout.ts';
import { standsStillSinceMs } from '../../shared/domain/workflow/standing-still.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { readRestartEvent, type RestartEvent } from '../../shared/inbound/restart-event.ts';
import {
  answerLaunches,
  type LaunchPorts,
} from '../../shared/domain/rollouts/launches/launches.ts';
import { deliverNotices, type NoticePorts } from '../../shared/domain/rollouts/deliver-notice.ts';
import type { OrderPorts } from '../../shared/domain/rollouts/orders/order.ts';
import { carryOutOrder } from '../../shared/domain/rollouts/orders/orders.ts';

/** Rollouts moved on at once: our own choice, each has several calls in flight itself. */
const IN_FLIGHT = 4;

/**
 * A place in the list of unfinished rollouts comes before what it is for is saved. One without
 * anything to do is dropped after this long, when whoever made it is certainly dead.
 */
const FRESH_MS = 300_000;

/** What cannot be processed goes into `deadLetters`, to be looked at by a person. */
export type Ports = LaunchPorts &
  NoticePorts &
  Omit<OrderPorts, 'chatQueue'> & {
    readonly ledger: RequestLedger;
    /** Left out where the policy has no chats: then there are no orders. */
    readonly chatQueue?: Queue;
  };

export type RestartReport =
  | {
      readonly kind: 'messages';
      readonly rollouts: number;
      readonly launches: number;
      readonly notices: number;
      readonly orders: number;
      /** Of messages that cannot be read, and of rollouts that do not exist. */
      readonly deadLetters: number;
    }
  | { readonly kind: 'state-change'; readonly instanceId: string }
  | { readonly kind: 'tick'; readonly rollouts: number };

/**
 * Carries rollouts on: by messages, by the timer, and by remembering what state-change events show.
 * Begins those of launches, and tells the operator's channels.
 *
 * @throws {LatchkeyError} when a part could not be done: the platform delivers the whole batch
 * again, and what was done already is not done twice
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
      // The event is kept with the instance, not with the rollout: it is needed only when an
      // answer was lost, and a thousand of them must not fight for one row.
      if (event.state !== 'Running') await ports.memories.witness(event.instanceId, event.atMs);
      return { kind: event.kind, instanceId: event.instanceId };
    case 'tick': {
      const open = await ports.rollouts.open();
      const trouble = await moveOn(
        open.map(({ rolloutId, createdAtMs }) => async () => {
          const rollout = await carryOut(rolloutId, { kind: 'wake' }, ports, invocation);
          const isOver = rollout === undefined || rollout.phase === 'done';
          if (isOver && ports.clock.nowMs() - createdAtMs > FRESH_MS) {
            await ports.rollouts.close({ rolloutId, createdAtMs });
          }
          if (rollout !== undefined) tellIfStill(rollout, ports);
        }),
        ports,
      );
      if (trouble !== undefined) throw trouble;
      return { kind: event.kind, rollouts: open.length };
    }
    case 'messages': {
      const dead: OutMessage[] = event.unreadable.map(({ text, why }) => letter(text, why));
      const { chatQueue } = ports;
      const { rolloutIds, launches, gathered, notices, orders, probes } = sorted(event.messages);
      // First, for somebody waits for the answers.
      const orderTrouble = await moveOn(
        orders.map((order) => async () => {
          if (chatQueue !== undefined) {
            return carryOutOrder(order, { ...ports, chatQueue }, invocation);
          }
          // Not what was written, nor where it is answered: that is nobody's but its author's.
          dead.push(letter(order.id, 'the policy has no chats'));
        }),
        ports,
      );
      const trouble = await moveOn(
        rolloutIds.map((rolloutId) => async () => {
          const rollout = await carryOut(rolloutId, { kind: 'wake' }, ports, invocation);
          if (rollout !== undefined) return;
          dead.push(letter(rolloutId, 'no such rollout'));
        }),
        ports,
      );
      const launchTrouble = await moveOn(
        [() => answerLaunches(launches, gathered, ports, invocation)],
        ports,
      );
      const noticeTrouble = await moveOn([() => deliverNotices(notices, ports, invocation)], ports);
      const probeTrouble = await moveOn(
        probes.map((id) => async () => {
          await answerProbe(id, await refusals(ports), ports.ledger);
        }),
        ports,
      );
      const [lost] = (await ports.deadLetters.send(dead)).filter((error) => error !== undefined);
      const first =
        orderTrouble ?? trouble ?? launchTrouble ?? noticeTrouble ?? probeTrouble ?? lost;
      // Thrown, so that the batch comes again: not even an unreadable message may vanish.
      if (first !== undefined) throw first;
      return {
        kind: event.kind,
        rollouts: rolloutIds.length,
        launches: launches.length + gathered.length,
        notices: notices.length,
        orders: orders.length,
        deadLetters: dead.length,
      };
    }
  }
}

type Messages = (RestartEvent & { readonly kind: 'messages' })['messages'];

/** By what is to be done: rollouts and orders once each, in the order of their first messages. */
function sorted(messages: Messages) {
  const rolloutIds = new Set<string>();
  const launches: Launch[] = [];
  const gathered: Launch[] = [];
  const notices: NoticeMessage[] = [];
  const orders = new Map<string, Order>();
  const probes: string[] = [];
  for (const message of messages) {
    switch (message.kind) {
      case 'wake':
        rolloutIds.add(message.rolloutId);
        break;
      case 'result':
        rolloutIds.add(message.result.rolloutId);
        break;
      case 'launch':
        launches.push(message.launch);
        break;
      case 'launches':
        gathered.push(...message.launches);
        break;
      case 'notice':
        notices.push(message.notice);
        break;
      case 'order':
        orders.set(message.order.id, message.order);
        break;
      case 'probe':
        probes.push(message.id);
        break;
    }
  }
  return {
    rolloutIds: [...rolloutIds],
    launches,
    gathered,
    notices,
    orders: [...orders.values()],
    probes,
  };
}

const letter = (about: string, why: string) => now({ kind: 'dead', why, about });

/** Told with every tick, as long as it stands. */
function tellIfStill(rollout: Rollout, { clock, log }: Ports): void {
  const nowMs = clock.nowMs();
  const sinceMs = standsStillSinceMs(rollout, nowMs);
  if (sinceMs === undefined) return;
  const { rolloutId, waitingFor } = rollout;
  const status = statusOf(rollout);
  log('warn', 'standing-still', { rolloutId, status, waitingFor, stillMs: nowMs - sinceMs });
}

/** What keeps this function from restarting: a missing permission is seen before the first wave. */
async function refusals({ ecs }: Ports): Promise<Refusal[]> {
  const all = await Promise.all(
    (['reboot', 'start'] as const).map(async (how) => {
      try {
        await ecs.rehearse(how);
        return [];
      } catch (error) {
        if (!(error instanceof LatchkeyError)) throw error;
        return [{ vendorCode: error.details.vendorCode ?? '', message: error.message }];
      }
    }),
  );
  return all.flat();
}

/** One part's trouble does not stop the others; the first trouble is returned at the end. */
async function moveOn(tasks: readonly (() => Promise<void>)[], { log }: Ports): Promise<unknown> {
  let first: unknown;
  await mapPool(tasks, IN_FLIGHT, async (task) => {
    try {
      await task();
    } catch (error) {
      // A bug in one rollout, or a row that cannot be read, must not stop the timer for the others.
      log('error', error instanceof LatchkeyError ? 'not-moved-on' : 'bug', { error });
      first ??= error;
    }
  });
  return first;
}
