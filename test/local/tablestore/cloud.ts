import { createHmac, createHash } from 'node:crypto';
import TableStore, { type Client, type ClientConfig, type ClientRow } from 'tablestore';
import compiled from 'tablestore/lib/protocol/tablestore_compiled_proto.js';
import { virtualClock, type VirtualClock } from '../../../local/cloud/kernel/clock.ts';
import { createKernel, type Kernel } from '../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../local/cloud/kernel/serve.ts';
import { settingsWith } from '../../../local/cloud/kernel/settings.ts';
import { createTablestore, type Tablestore } from '../../../local/cloud/tablestore/index.ts';

export const DAY_MS = 86_400_000;
export const START_MS = Date.UTC(2026, 10, 24);

export interface TestCloud {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  readonly store: Tablestore;
  readonly client: Client;
  clientWith(config: Partial<ClientConfig>): Client;
  /** One request signed by this file's own code. Undefined takes a header away. */
  post(path: string, body: Uint8Array, options?: PostOptions): Promise<RawAnswer>;
  close(): Promise<void>;
}

export interface PostOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly secret?: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
  /** `code: message` of the error in the body. */
  error(): string;
}

/** An emulated Tablestore on a loopback port, with its clock at `START_MS`. */
export async function startCloud(): Promise<TestCloud> {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({ settings: settingsWith({}), clock });
  const store = createTablestore(kernel);
  const listening = await serve(kernel, store.service, 0);
  const endpoint = `http://127.0.0.1:${listening.port}`;
  const { accessKeyId, accessKeySecret } = kernel.settings;
  const clientWith = (config: Partial<ClientConfig>): Client =>
    new TableStore.Client({
      accessKeyId,
      accessKeySecret,
      endpoint,
      instancename: 'latchkey',
      maxRetries: 0,
      ...config,
    });

  async function post(path: string, body: Uint8Array, options: PostOptions = {}) {
    const signed: Record<string, string> = { 'x-ots-extra': 'signed as well' };
    const wanted = {
      'x-ots-date': new Date().toISOString(),
      'x-ots-apiversion': '2015-12-31',
      'x-ots-accesskeyid': accessKeyId,
      'x-ots-instancename': 'latchkey',
      'x-ots-contentmd5': createHash('md5').update(body).digest('base64'),
      ...options.headers,
    };
    for (const [name, value] of Object.entries(wanted)) {
      if (value !== undefined) signed[name] = value;
    }
    const lines = Object.keys(signed)
      .toSorted()
      .filter((name) => name !== 'x-ots-signature')
      .map((name) => `${name}:${signed[name]}\n`);
    signed['x-ots-signature'] ??= createHmac('sha1', options.secret ?? accessKeySecret)
      .update(`${path}\nPOST\n\n${lines.join('')}`)
      .digest('base64');
    const method = options.method ?? 'POST';
    const answer = await fetch(endpoint + path, {
      method,
      headers: signed,
      ...(method === 'POST' && { body: Buffer.from(body) }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return {
      status: answer.status,
      headers: answer.headers,
      body: bytes,
      error: () => {
        const { code, message } = compiled.main.proto.Error.decode(bytes);
        return `${code}: ${message}`;
      },
    };
  }

  const close = () => listening.close();
  return { kernel, clock, store, client: clientWith({}), clientWith, post, close };
}

/**
 * Why the SDK's call was refused: the HTTP status, then the raw bytes of the error as text. The SDK
 * gives the status as `code` and that text as `message`, and nothing else.
 */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { code, message } = error as { code: number; message: string };
    return `${code} ${message}`;
  }
  return 'not refused';
}

const { EXPECT_EXIST, EXPECT_NOT_EXIST, IGNORE } = TableStore.RowExistenceExpectation;
export const condition = {
  ignore: new TableStore.Condition(IGNORE, null),
  exists: new TableStore.Condition(EXPECT_EXIST, null),
  absent: new TableStore.Condition(EXPECT_NOT_EXIST, null),
};

/** A table `t` with one string key `id`. */
export const simpleTable = {
  name: 't',
  primaryKey: [{ name: 'id', type: 'STRING' }],
  timeToLiveSeconds: -1,
} as const;

/** `{ a: 1 }` as the SDK takes columns: `[{ a: 1 }]`. */
export const columns = (values: Readonly<Record<string, unknown>>) =>
  Object.entries(values).map(([name, value]) => ({ [name]: value }));

/** What the SDK read, as `{ a: 1 }`; undefined when there is no row. */
export function plain(row: ClientRow): Record<string, unknown> | undefined {
  if (row.primaryKey === undefined || row.primaryKey === null) return undefined;
  return Object.fromEntries(
    (row.attributes ?? []).map(({ columnName, columnValue }) => [
      columnName,
      typeof columnValue === 'object' && 'toNumber' in columnValue
        ? BigInt(columnValue.toString())
        : columnValue,
    ]),
  );
}
