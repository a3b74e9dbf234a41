import { createEventBridge, type EventBridge } from '../../../local/cloud/eventbridge/index.ts';
import type { EventRule, QueueStream } from '../../../local/cloud/eventbridge/targets.ts';
import { virtualClock, type VirtualClock } from '../../../local/cloud/kernel/clock.ts';
import {
  type CloudEvent,
  createKernel,
  type InvokeResult,
  type Kernel,
} from '../../../local/cloud/kernel/kernel.ts';
import { settingsWith, type SettingsChange } from '../../../local/cloud/kernel/settings.ts';
import { createSmq, type Smq } from '../../../local/cloud/smq/index.ts';

export const START_MS = Date.UTC(2026, 10, 23, 12);

export interface Invocation {
  readonly atMs: number;
  readonly functionName: string;
  readonly type: 'Sync' | 'Async';
  readonly text: string;
  /** The text as JSON. */
  readonly payload: unknown;
}

export interface Bus {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  readonly smq: Smq;
  readonly bridge: EventBridge;
  readonly invocations: Invocation[];
  /** What the functions answer from now on, given the number of the invocation from 0. */
  answer: (number: number) => Partial<InvokeResult> | Promise<Partial<InvokeResult>>;
  /** Lets time pass, as much as it takes, until nothing is under delivery any more. */
  runUntilIdle(): Promise<void>;
  /** Moves the clock and lets everything that became due happen. */
  pass(ms: number): Promise<void>;
}

/** A bus, queues, and functions that only take note of what they get. */
export function aBus(change: SettingsChange = {}): Bus {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({ settings: settingsWith(change), clock });
  kernel.faults.register('smq', ['Deliver']);
  kernel.faults.register('eventbridge', ['PutEvents', 'Deliver']);
  const smq = createSmq(kernel);
  const bridge = createEventBridge(kernel, smq);
  const invocations: Invocation[] = [];
  const bus: Bus = {
    kernel,
    clock,
    smq,
    bridge,
    invocations,
    answer: () => ({}),
    async runUntilIdle() {
      await turn();
      for (let turns = 0; !bridge.idle(); turns++) {
        if (turns === 1_000) throw new Error('Cannot go on: never idle');
        clock.advance((clock.nextMs() ?? clock.nowMs()) - clock.nowMs());
        await turn();
      }
    },
    async pass(ms) {
      const untilMs = clock.nowMs() + ms;
      await turn();
      for (;;) {
        const nextMs = Math.min(clock.nextMs() ?? Infinity, untilMs);
        clock.advance(nextMs - clock.nowMs());
        await turn();
        if (nextMs === untilMs) return;
      }
    },
  };
  kernel.functions = {
    async invoke(functionName, buffer, type) {
      const text = buffer.toString();
      const number = invocations.length;
      const payload: unknown = JSON.parse(text);
      invocations.push({ atMs: clock.nowMs() - START_MS, functionName, type, text, payload });
      const status = type === 'Async' ? 202 : 200;
      const body = Buffer.alloc(0);
      return { requestId: 'r', status, body, ...(await bus.answer(number)) };
    },
  };
  return bus;
}

/** All promises that can go on do so. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export function aRule(change: Partial<EventRule> = {}): EventRule {
  return {
    name: 'launched',
    functionName: 'launch',
    pattern: {},
    asyncInvocation: false,
    eventSchema: 'CloudEvents',
    retry: 'BACKOFF_RETRY',
    errorsTolerance: 'ALL',
    ...change,
  };
}

export function aStream(change: Partial<QueueStream> = {}): QueueStream {
  return {
    name: 'results',
    functionName: 'restart',
    queueName: 'q',
    base64Decode: true,
    mode: 'event-streaming',
    batch: { count: 10, windowMs: 1_000 },
    asyncInvocation: false,
    eventSchema: 'CloudEvents',
    retry: 'BACKOFF_RETRY',
    errorsTolerance: 'ALL',
    ...change,
  };
}

export function anEvent(change: Partial<CloudEvent> = {}): CloudEvent {
  return {
    id: 'e-1',
    source: 'acs.ecs',
    specversion: '1.0',
    type: 'ecs:Instance:StateChange',
    data: { resourceId: 'i-1', state: 'Created' },
    ...change,
  };
}
