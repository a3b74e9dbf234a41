import { carryOut, type Invocation } from '../../shared/domain/carry-out.ts';
import { LatchkeyError } from '../../shared/domain/errors.ts';
import { mapPool } from '../../shared/domain/pool.ts';
import type { OutMessage } from '../../shared/domain/ports.ts';
import type { FcContext } from '../../shared/inbound/fc.ts';
import { invocationOf } from '../../shared/inbound/invocation.ts';
import { readRestartEvent } from '../../shared/inbound/restart-event.ts';
import { deadLetter } from './dead-letter.ts';
import { answerLaunches, type LaunchPorts } from './launches.ts';
import { deliverNotices, type NoticePorts } from './notices.ts';

/** Rollouts moved on at once: our own choice, each has several calls in flight itself. */
const IN_FLIGHT = 4;

/**
 * A place in the list of unfinished rollouts comes before what it is for is saved. One without
 * anything to do is dropped after this long, when whoever made it is certainly dead.
 */
const FRESH_MS = 300_000;

/** What cannot be processed goes into `deadLetters`, to be looked at by a person. */
export type Ports = LaunchPorts & NoticePorts;

export type RestartReport =
  | {
      readonly kind: 'messages';
      readonly rollouts: number;
      readonly launches: number;
      readonly notices: number;
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
        }),
        ports,
      );
      if (trouble !== undefined) throw trouble;
      return { kind: event.kind, rollouts: open.length };
    }
    case 'messages': {
      const dead: OutMessage[] = event.unreadable.map(deadLetter);
      const trouble = await moveOn(
        event.rolloutIds.map((rolloutId) => async () => {
          const rollout = await carryOut(rolloutId, { kind: 'wake' }, ports, invocation);
          if (rollout !== undefined) return;
          dead.push(deadLetter({ text: rolloutId, why: 'no such rollout' }));
        }),
        ports,
      );
      const { launches, gathered, notices } = event;
      const launchTrouble = await moveOn(
        [() => answerLaunches(launches, gathered, ports, invocation)],
        ports,
      );
      const noticeTrouble = await moveOn([() => deliverNotices(notices, ports, invocation)], ports);
      const [lost] = (await ports.deadLetters.send(dead)).filter((error) => error !== undefined);
      const first = trouble ?? launchTrouble ?? noticeTrouble ?? lost;
      // Thrown, so that the batch comes again: not even an unreadable message may vanish.
      if (first !== undefined) throw first;
      return {
        kind: event.kind,
        rollouts: event.rolloutIds.length,
        launches: launches.length + gathered.length,
        notices: notices.length,
        deadLetters: dead.length,
      };
    }
  }
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
