import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished, test } from 'vitest';
import { signWebhook } from '../../shared/contract/webhook-signature.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import { bundle } from '../../tools/build.ts';
import { openSite, type Site } from '../../tools/build/warm-up/site.ts';

/**
 * Function Compute freezes an instance between two invocations. What was an open connection is none when it
 * thaws, and nobody has told it.
 */

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-frozen-'));
const INDEX = join(folder, 'attach', 'index.js');
let site: Site;

beforeAll(async () => {
  await bundle(ROOT, join(ROOT, 'functions/attach/index.ts'), INDEX);
  writeFileSync(join(folder, 'instance.cjs'), INSTANCE);
  site = await openSite(ROOT);
});

afterAll(async () => {
  await site.stop();
  rmSync(folder, { recursive: true });
});

/** One instance of the function, which is sent events. */
const INSTANCE = `
  const { initialize, handler } = require(process.argv[2]);
  const context = JSON.parse(process.argv[3]);
  const ready = initialize(context);
  process.on('message', async (event) => {
    await ready;
    process.send((await handler(Buffer.from(event), context)).statusCode);
  });`;

/** Between the function and a service: a connection from before the freeze is of no use after it. */
class Wire {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => this.#join(near));
  readonly #target: URL;
  opened = 0;
  /** Bytes that came over a connection from before the freeze. */
  lost = 0;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    onTestFinished(() => {
      for (const socket of this.#sockets) socket.destroy();
      this.#server.close();
    });
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #join(near: Socket): void {
    this.opened += 1;
    const far = connect(Number(this.#target.port), this.#target.hostname);
    for (const socket of [near, far]) socket.on('error', () => {});
    near.pipe(far).pipe(near);
    near.on('close', () => this.#sockets.delete(near));
    this.#sockets.add(near);
  }

  /** As a server that closes what is idle. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** As a firewall that has forgotten the connection: what comes over it is answered with a reset. */
  forget(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.removeAllListeners('data');
      socket.on('data', ({ length }: Buffer) => {
        this.lost += length;
        socket.resetAndDestroy();
      });
    }
  }
}

function startInstance(env: Readonly<Record<string, string>>): ChildProcess {
  const context = JSON.stringify(site.startOf('attach')!.context);
  const child = fork(join(folder, 'instance.cjs'), [INDEX, context], {
    env,
    execArgv: [],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

function aWebhook(id: string): string {
  const body = JSON.stringify({
    regionId: site.regionId,
    keyPairName: site.keyPairName,
    instanceIds: site.instanceIds,
    restart: 'auto',
    dryRun: true,
  });
  const secret = parseWebhookSecret(site.secret);
  const timestampSec = Math.floor(Date.now() / 1_000);
  return JSON.stringify({
    version: 'v1',
    rawPath: '/rollouts',
    body,
    isBase64Encoded: false,
    headers: {
      'Content-Type': 'application/json',
      ...signWebhook({ secret, id, timestampSec, body }),
    },
    queryParameters: {},
    requestContext: { http: { method: 'POST', path: '/rollouts', sourceIp: '127.0.0.1' } },
  });
}

async function ask(child: ChildProcess, id: string): Promise<unknown> {
  child.send(aWebhook(id));
  const [status] = (await once(child, 'message')) as [unknown];
  return status;
}

test.for(['reset', 'forget'] as const)(
  'after a freeze in which connections were lost (%s) no call fails',
  async (how, { expect }) => {
    const { ecs, tablestore } = site.endpoints;
    const wires = [new Wire(ecs), new Wire(tablestore)] as const;
    const [ecsUrl, tablestoreUrl] = [await wires[0].open(), await wires[1].open()];
    const child = startInstance({
      ...site.startOf('attach')!.env,
      ECS_ENDPOINT: ecsUrl,
      TABLESTORE_ENDPOINT: tablestoreUrl,
      LOG_LEVEL: 'warn',
    });
    let logged = '';
    child.stdout!.on('data', (text) => (logged += String(text)));

    expect(await ask(child, `msg_${how}_1`)).toBe(200);
    const before = wires.map(({ opened }) => opened);
    child.kill('SIGSTOP');
    for (const wire of wires) wire[how]();
    child.kill('SIGCONT');
    expect(await ask(child, `msg_${how}_2`)).toBe(200);

    for (const [index, { opened, lost }] of wires.entries()) {
      expect(opened).toBeGreaterThan(before[index]!);
      expect(lost).toBe(0);
    }
    // A call that failed and was repeated would be a warning.
    expect(logged).toBe('');
  },
);
