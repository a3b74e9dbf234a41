import { operatorOverWire } from '../../cli/operator/operator-over-wire.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import type { Fault } from '../../local/cloud/kernel/faults.ts';
import { createKernel } from '../../local/cloud/kernel/kernel.ts';
import { serve } from '../../local/cloud/kernel/serve.ts';
import { listen } from '../../local/http/listen.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import type { WireReply, WireRequest } from '../../local/http/wire.ts';
import { createSmq, type Smq } from '../../local/cloud/smq/index.ts';
import { run, type RunOptions } from './cli-world.ts';

export const base64 = (text: string) => Buffer.from(text).toString('base64');
const messageOf = (schema: string, letter: string) =>
  JSON.stringify({ schema, rolloutId: `ro-${letter.repeat(26)}` });
export const wakeOf = (letter: string) => messageOf('latchkey.wake/1', letter);
export const cardOf = (letter: string) => messageOf('latchkey.card/1', letter);
export const ownLetter = (text: string, why = 'because') =>
  base64(JSON.stringify({ schema: 'latchkey.dead/1', why, text }));
export const LAUNCH = JSON.stringify({ type: 'ecs:ActionTrail:ApiCall', id: 'e-1', data: {} });

/** As deployed: shared/outbound/smq/queue-admin.ts. */
const VISIBILITY = { VisibilityTimeout: 180 };

export interface Setup {
  readonly faults?: readonly Fault[];
  /** What Function Compute answers. */
  readonly fc?: Partial<WireReply>;
  /** What happens while a person reads the question, before they say yes. */
  readonly whileAsked?: (smq: Smq) => void;
  /** What happens while a function runs. */
  readonly whileItRuns?: (cloud: { advance(ms: number): void }) => void;
}

/** `latchkey redrive` over the real SMQ emulator and a fake Function Compute. */
export async function aDeadLetterQueue(
  onTestFinished: (run: () => Promise<void>) => void,
  { faults = [], fc = {}, whileAsked, whileItRuns }: Setup = {},
) {
  const clock = virtualClock(Date.now());
  const kernel = createKernel({ settings: settingsWith({}), clock });
  const smq = createSmq(kernel);
  for (const name of ['latchkey-results', 'latchkey-chat', 'latchkey-dead']) {
    smq.createQueue(name, VISIBILITY);
  }
  const server = await serve(kernel, smq.service, 0);
  kernel.faults.replace(faults);
  const advance = (ms: number) => clock.advance(ms);
  const calls: WireRequest[] = [];
  const functions = await listen(0, (request) => {
    calls.push(request);
    whileItRuns?.({ advance });
    return Promise.resolve({ status: 200, headers: {}, body: '{}', ...fc });
  });
  onTestFinished(async () => {
    await Promise.all([server.close(), functions.close()]);
  });
  const { accessKeyId, accessKeySecret } = kernel.settings;

  const env = {
    REGION_ID: 'cn-hangzhou',
    ACCOUNT_ID: kernel.settings.accountId,
    TABLESTORE_INSTANCE: 'latchkey',
    SMQ_ENDPOINT: `http://127.0.0.1:${server.port}`,
    FC_ENDPOINT: `http://127.0.0.1:${functions.port}`,
  };
  const io = {
    http: () => Promise.reject(new Error('nothing is asked')),
    nowMs: () => clock.nowMs(),
    pause: () => Promise.resolve(),
    newId: () => 'msg_1',
    ...(whileAsked !== undefined && {
      ask: () => {
        whileAsked(smq);
        return Promise.resolve('y');
      },
    }),
    operator: (place: Parameters<typeof operatorOverWire>[0]) => {
      const credentials = () => Promise.resolve({ accessKeyId, accessKeySecret });
      return Promise.resolve(operatorOverWire({ ...place, credentials }));
    },
  };
  const send = (body: string) => smq.send('latchkey-dead', body).messageId;
  const redrive = (args = '', options: RunOptions = {}) =>
    run(['redrive', ...args.split(' ').filter((arg) => arg !== '')], io, {
      ...options,
      env: { ...env, ...options.env },
    });
  /** The messages that can be received after a second, or after `laterMs`. */
  const bodiesIn = (queue: string, laterMs = 1_000) => {
    clock.advance(laterMs);
    return Array.from({ length: 10 }, () => smq.receive(queue, 16))
      .flat()
      .map(({ body }) => body);
  };
  return { kernel, smq, calls, advance, send, redrive, bodiesIn };
}
