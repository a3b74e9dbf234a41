import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { makeHandler as makeAttach } from '../../../functions/attach/handler.ts';
import { makeHandler as makeRestart } from '../../../functions/restart/handler.ts';
import type { HttpReply } from '../../../shared/inbound/fc.ts';
import { CLIENTS } from './clients.ts';
import { Invocation } from './invocation.ts';
import { REGION_ID } from './fleet.ts';
import { type Behind, isPoison, portsOf } from './invocation-ports.ts';
import { type Post, signedPost } from './signed-request.ts';

/** The time limits of `s.yaml`, in seconds. */
const LIMIT_S = { attach: 60, restart: 120 };

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
    this.#run('restart', JSON.stringify(event), (ports) => makeRestart(ports), onEnd);
  }

  /** A signed POST to the webhook. */
  post(post: Post, onEnd: (end: End<HttpReply>) => void): void {
    const { scheduler } = this.#world;
    const event = JSON.stringify(signedPost(post, scheduler.nowMs()));
    this.#run('attach', event, (ports) => makeAttach({ ...ports, clients: CLIENTS }), onEnd);
  }

  #run<T>(
    name: keyof typeof LIMIT_S,
    event: string,
    make: (
      ports: ReturnType<typeof portsOf>,
    ) => (bytes: Uint8Array, context: Parameters<ReturnType<typeof makeRestart>>[1]) => Promise<T>,
    onEnd: (end: End<T>) => void,
  ): void {
    const world = this.#world;
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
        invocation.endWith('answered');
        over({ kind: 'answered', value });
      },
      (error: unknown) => {
        if (!invocation.isAlive) return;
        invocation.endWith('threw');
        if (!(error instanceof LatchkeyError) && !isPoison(error)) {
          referee.fail(`a handler threw another error than a LatchkeyError: ${String(error)}`);
        }
        over({ kind: 'threw', error });
      },
    );
  }
}
