import { createHash, createHmac } from 'node:crypto';
import Client from '@alicloud/mns';
import { virtualClock, type VirtualClock } from '../../../local/cloud/kernel/clock.ts';
import { createKernel, type Kernel } from '../../../local/cloud/kernel/kernel.ts';
import { serve } from '../../../local/cloud/kernel/serve.ts';
import { DEFAULT_SETTINGS } from '../../../local/cloud/kernel/settings.ts';
import { createSmq, type Smq } from '../../../local/cloud/smq/index.ts';

/** A Monday noon: every test begins at the same moment. */
export const START_MS = Date.UTC(2026, 10, 23, 12);

export interface SmqCloud {
  readonly kernel: Kernel;
  readonly clock: VirtualClock;
  readonly smq: Smq;
  /** The official SDK, signed with the account's own key. */
  readonly client: Client;
  readonly endpoint: string;
}

/** SMQ behind a real loopback port, with a clock that only the test moves. */
export async function smqCloud(
  use: (cloud: SmqCloud) => Promise<void>,
  parts: { readonly wallMs?: () => number } = {},
): Promise<void> {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({ settings: DEFAULT_SETTINGS, clock, ...parts });
  const smq = createSmq(kernel);
  const listening = await serve(kernel, smq.service, 0);
  const endpoint = `http://127.0.0.1:${listening.port}`;
  const { accountId, accessKeyId, accessKeySecret } = DEFAULT_SETTINGS;
  const client = new Client(accountId, { accessKeyId, accessKeySecret, endpoint });
  try {
    await use({ kernel, clock, smq, client, endpoint });
  } finally {
    await listening.close();
  }
}

export interface RawRequest {
  readonly method?: string;
  /** With the query. */
  readonly resource?: string;
  readonly body?: string;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly date?: string;
  /** Added before signing; undefined takes a header away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Added after signing. */
  readonly unsigned?: Readonly<Record<string, string>>;
}

/** A request signed by hand, so that any part of it can be wrong. */
export async function raw(
  endpoint: string,
  request: RawRequest = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const { method = 'GET', resource = '/queues', body = '' } = request;
  const headers = without({
    'x-mns-version': '2015-06-06',
    'x-mns-date': request.date ?? new Date().toUTCString(),
    ...(body === '' ? {} : { 'content-type': 'text/xml' }),
    ...request.headers,
  });
  const vendor = Object.keys(headers)
    .filter((name) => name.startsWith('x-mns-'))
    .toSorted()
    .map((name) => `${name}:${headers[name]}\n`)
    .join('');
  const date = headers['x-mns-date'] ?? '';
  const plain = [method, headers['content-md5'] ?? '', headers['content-type'] ?? '', date];
  const signature = createHmac('sha1', request.secret ?? DEFAULT_SETTINGS.accessKeySecret)
    .update(`${plain.join('\n')}\n${vendor}${resource}`)
    .digest('base64');
  const authorization = `MNS ${request.accessKeyId ?? DEFAULT_SETTINGS.accessKeyId}:${signature}`;
  const answer = await fetch(endpoint + resource, {
    method,
    headers: { authorization, ...headers, ...request.unsigned },
    ...(body === '' ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

/** Base64 of the hex digest, as SMQ wants it. */
export function contentMd5(body: string): string {
  return Buffer.from(createHash('md5').update(body).digest('hex')).toString('base64');
}

export function codeOf(text: string): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(text)?.[1];
}

function without(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.entries(headers).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(given);
}

/** Lets the event loop turn until the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 10_000) throw new Error('Cannot go on: the condition never held');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
