import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { makeHandler as makeAttach } from '../../../functions/attach/handler.ts';
import { makeHandler as makeRestart } from '../../../functions/restart/handler.ts';
import type { HttpReply } from '../../../shared/inbound/fc.ts';
import { signedHeaders, triggerEvent } from '../../../test/models/trigger-event.ts';
import { secretOf, type Who } from './clients.ts';
import { Invocation } from './invocation.ts';
import { REGION_ID } from './fleet.ts';
import { type Behind, isPoison, portsOf } from './invocation-ports.ts';

/** The time limits of `s.yaml`, in seconds. */
const LIMIT_S = { attach: 60, restart: 120 };

/** A POST of somebody, and the id that stays the same when it is sent again. */
export interface Post {
  readonly path: string;
  readonly body: unknown;
  readonly id: string;
  readonly who: Who;
}

/** How an invocation ended. */
export type End<T> =
  | { readonly kind: 'answered'; readonly value: T }
  | { readonly kind: 'threw'; readonly error: unknown }
  | { readonly kind: 'died' };

/** Runs the real handlers, each in an invocation of its own, and ends them at their time limits. */
export class Platform {
  readonly #world: Behind;
  #count = 0;
  #running = 0;

  constructor(world: Behind) {
    this.#world = world;
  }

  isIdle(): boolean {
    return this.#running === 0;
  }

  restart(event: unknown, onEnd: (end: End<unknown>) => void): void {
    this.#run('restart', event, makeRestart, onEnd);
  }

  /** A signed POST to the webhook. */
  post({ path, body: value, id, who }: Post, onEnd: (end: End<HttpReply>) => void): void {
    const body = JSON.stringify(value);
    const timestampSec = Math.floor(this.#world.scheduler.nowMs() / 1_000);
    const headers = signedHeaders(body, { secret: secretOf(who), id, timestampSec });
    const event = triggerEvent({ method: 'POST', path, headers, body });
    this.#run('attach', event, makeAttach, onEnd);
  }

  #run<T>(
    name: keyof typeof LIMIT_S,
    value: unknown,
    make: (
      ports: ReturnType<typeof portsOf>,
    ) => (bytes: Uint8Array, context: Parameters<ReturnType<typeof makeRestart>>[1]) => Promise<T>,
    onEnd: (end: End<T>) => void,
  ): void {
    const world = this.#world;
    const event = JSON.stringify(value);
    const { scheduler, story, referee, wire } = world;
    this.#count += 1;
    const id = `${name}#${this.#count}`;
    const over = (end: End<T>) => {
      this.#running -= 1;
      story.tell(() => `${id}  ${end.kind}${end.kind === 'threw' ? ` ${String(end.error)}` : ''}`);
      onEnd(end);
    };
    const invocation = new Invocation(id, scheduler.nowMs(), () => over({ kind: 'died' }));
    story.tell(() => `${id}  begins ${event.slice(0, 60)}`);
    this.#running += 1;
    if (this.#running > 1) wire.troubles.doubles += 1;
    scheduler.after(LIMIT_S[name] * 1_000, () => {
      if (invocation.isAlive) story.tell(() => `${id}  KILLED at its time limit`);
      invocation.kill();
    });
    const context = {
      requestId: id,
      credentials: {},
      function: { name: `latchkey-${name}`, timeout: LIMIT_S[name] },
      region: REGION_ID,
      accountId: '1000000000000000',
    };
    make(portsOf(world, invocation))(Buffer.from(event), context).then(
      (value) => {
        if (!invocation.isAlive) return;
        invocation.end = 'answered';
        over({ kind: 'answered', value });
      },
      (error: unknown) => {
        if (!invocation.isAlive) return;
        invocation.end = 'threw';
        if (!(error instanceof LatchkeyError) && !isPoison(error)) {
          referee.fail(`a handler threw another error than a LatchkeyError: ${String(error)}`);
        }
        over({ kind: 'threw', error });
      },
    );
  }
}
