import type { Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { Smq } from '../smq/index.ts';
import { Courier } from './courier.ts';
import { putEventsService } from './put-events.ts';
import { Rules } from './rules.ts';
import { Stream } from './stream.ts';
import type { EventRule, QueueStream } from './targets.ts';

export { PatternError } from './pattern.ts';
export type { EventRule, QueueStream } from './targets.ts';

/** Emulated EventBridge: the default bus with its rules, and the streams from queues to functions. */
export interface EventBridge {
  readonly service: Service;
  /** @throws {PatternError} with the path, for an invalid pattern */
  addRule(rule: EventRule): void;
  /** The queue need not exist yet. @throws {PatternError} */
  addStream(stream: QueueStream): void;
  /** Rules and streams with their counters, as plain JSON. */
  state(): unknown;
  /** Nothing is being delivered, collected, or waiting for a retry. A blocked stream is idle. After `stop` everything is. */
  idle(): boolean;
  /** Delivers and retries nothing more. It does not wait for what is in progress. */
  stop(): void;
}

export function createEventBridge(kernel: Kernel, smq: Smq): EventBridge {
  const courier = new Courier(kernel, smq);
  const rules = new Rules(kernel, courier);
  const streams: Stream[] = [];
  let stopped = false;
  kernel.onPublish((event) => rules.publish(event));
  return {
    service: putEventsService(kernel),
    addRule: (rule) => rules.add(rule),
    addStream: (stream) => streams.push(new Stream(stream, kernel, smq, courier)),
    state: () => ({ rules: rules.state(), streams: streams.map((stream) => stream.state()) }),
    idle: () => stopped || (courier.idle() && streams.every((stream) => stream.idle())),
    stop() {
      stopped = true;
      courier.stop();
      for (const stream of streams) stream.stop();
    },
  };
}
