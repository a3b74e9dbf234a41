import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Http, NoAnswerError } from '../../cli/api/http.ts';
import type { Io, Screen } from '../../cli/io.ts';
import { latchkey } from '../../cli/latchkey.ts';
import { SECRET_TEXT } from '../models/http-event.ts';
import { aService } from '../support/attach-service.ts';

/** A screen that remembers what was written. */
export function aScreen(over: Partial<Screen> = {}): Screen & { text(): string } {
  const written: string[] = [];
  return {
    write: (text) => {
      written.push(text);
    },
    isTerminal: false,
    columns: 100,
    rows: 30,
    ...over,
    text: () => written.join(''),
  };
}

export interface RunOptions {
  readonly env?: Io['env'];
  readonly input?: string;
  /** The answer to questions; undefined when nobody can be asked. */
  readonly answer?: string;
  readonly isTerminal?: boolean;
  readonly columns?: number;
}

export interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly string[];
}

/** A folder without a local cloud. */
export function anEmptyFolder(onTestFinished: (run: () => void) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-cli-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs the command line with these ports. */
export async function run(
  args: readonly string[],
  io: Pick<Io, 'http' | 'nowMs' | 'pause' | 'newId'> & Partial<Io>,
  { input = '', answer, isTerminal = false, columns = 100, env = {} }: RunOptions = {},
): Promise<Ran> {
  const out = aScreen({ isTerminal, columns });
  const err = aScreen({ isTerminal, columns });
  const asked: string[] = [];
  const exit = await latchkey(args, {
    projectFolder: '/nowhere',
    readInput: () => Promise.resolve(input),
    ask:
      answer === undefined
        ? undefined
        : (question) => {
            asked.push(question);
            return Promise.resolve(answer);
          },
    cloud: () => Promise.reject(new Error('Cannot ask the cloud: this world has none')),
    operator: () => Promise.reject(new Error('Cannot ask the cloud: this world has none')),
    ...io,
    env,
    out,
    err,
  });
  return { exit, out: out.text(), err: err.text(), asked };
}

export const ENV = {
  LATCHKEY_URL: 'https://latchkey.example.com',
  LATCHKEY_SECRET: SECRET_TEXT,
  REGION_ID: 'cn-hangzhou',
};

/** The command line over the real handler of `attach`, in model time. */
export function aCli(...about: Parameters<typeof aService>) {
  const service = aService(...about);
  const { world } = service;
  let ids = 0;
  const sent: { method: string; path: string; id: string; body: string | undefined }[] = [];
  /** Faults of the next requests or their answers. */
  const troubles: ((http: Http) => Http)[] = [];

  const direct: Http = async ({ method, url, headers, body }) => {
    const { pathname, searchParams } = new URL(url);
    const event = {
      version: 'v1',
      rawPath: pathname,
      body: body ?? '',
      headers,
      queryParameters: Object.fromEntries(searchParams),
      requestContext: { http: { method, path: pathname } },
    };
    const reply = await service.send(Buffer.from(JSON.stringify(event)));
    return { status: reply.statusCode, headers: { ...reply.headers }, body: reply.body };
  };
  const http: Http = (call) => {
    const { method, url, headers, body } = call;
    sent.push({ method, path: new URL(url).pathname, id: headers['webhook-id']!, body });
    return (troubles.shift()?.(direct) ?? direct)(call);
  };
  const io = {
    http,
    nowMs: world.now,
    newId: () => `msg_cli_${++ids}`,
    pause: async (ms: number) => {
      const endMs = world.now() + ms;
      await world.settle(ms);
      if (world.now() < endMs) world.pass(endMs - world.now());
    },
  };
  return {
    ...service,
    io,
    sent,
    troubles,
    latchkey: (args: string, options: RunOptions = {}) =>
      run(
        args.split(' ').map((arg) => arg.replaceAll('_', ' ')),
        io,
        { ...options, env: { ...ENV, ...options.env } },
      ),
  };
}

/** The request never arrives. */
export const noConnection = (): Http => () =>
  Promise.reject(new NoAnswerError('no connection (ECONNREFUSED)', { nothingDone: true }));

/** It is carried out, and its answer is lost. */
export const answerLost =
  (http: Http): Http =>
  async (call) => {
    await http(call);
    throw new NoAnswerError('the connection broke (ECONNRESET)', { nothingDone: false });
  };

/** A gateway answers instead. */
export const answering =
  (status: number, body = '', headers: Record<string, string> = {}) =>
  (): Http =>
  () =>
    Promise.resolve({ status, body, headers });
