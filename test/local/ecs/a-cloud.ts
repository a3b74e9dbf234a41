import { randomUUID } from 'node:crypto';
import { createEcs } from '../../../local/cloud/ecs/index.ts';
import {
  hmacSha1Signature,
  hmacSha1StringToSign,
} from '../../../local/cloud/ecs/signature/hmac-sha1.ts';
import { percentEncode } from '../../../local/cloud/kernel/percent-encode.ts';
import { virtualClock } from '../../../local/cloud/kernel/clock.ts';
import { NO_SPOIL, type Spoil } from '../../../local/cloud/kernel/faults.ts';
import { type CloudEvent, createKernel } from '../../../local/cloud/kernel/kernel.ts';
import { type SettingsChange, settingsWith } from '../../../local/cloud/kernel/settings.ts';
import type { WireRequest } from '../../../local/http/wire.ts';

export const START_MS = Date.parse('2026-11-24T02:53:01Z');
export const ROOT = { id: 'latchkey-local', secret: 'latchkey-local-secret' };

export interface Signer {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}

/** An answer, compared as it is. */
export type Body = Readonly<Record<string, unknown>>;

/** A whole ECS whose time moves only when told to. `call` goes through the service, signature and all. */
export function aCloud(settings: SettingsChange = {}) {
  const clock = virtualClock(START_MS);
  const kernel = createKernel({
    settings: settingsWith(settings),
    clock,
    wallMs: () => clock.nowMs(),
  });
  const ecs = createEcs(kernel);
  const events: CloudEvent[] = [];
  kernel.onPublish((event) => events.push(event));

  async function call(
    action: string,
    parameters: Readonly<Record<string, string>> = {},
    spoil: Spoil = NO_SPOIL,
    signer: Signer = ROOT,
  ) {
    const wire = signedGet(action, parameters, clock.nowMs(), signer);
    const reply = await ecs.service.handle(wire, spoil);
    return { status: reply.status, body: JSON.parse(String(reply.body)) as Body };
  }

  /** The same with the region, which nearly every action wants. */
  const here = (action: string, parameters: Readonly<Record<string, string>> = {}, spoil?: Spoil) =>
    call(action, { RegionId: 'cn-hangzhou', ...parameters }, spoil);
  return { clock, kernel, ecs, events, call, here };
}

export function signedGet(
  action: string,
  parameters: Readonly<Record<string, string>>,
  nowMs: number,
  signer: Signer = ROOT,
  change: Readonly<Record<string, string>> = {},
): WireRequest {
  const pairs = Object.entries({
    ...parameters,
    Action: action,
    Version: '2014-05-26',
    Format: 'JSON',
    AccessKeyId: signer.id,
    SignatureMethod: 'HMAC-SHA1',
    SignatureVersion: '1.0',
    SignatureNonce: randomUUID(),
    Timestamp: `${new Date(nowMs).toISOString().slice(0, 19)}Z`,
    ...(signer.token !== undefined && { SecurityToken: signer.token }),
    ...change,
  });
  const signature = hmacSha1Signature(hmacSha1StringToSign('GET', pairs), signer.secret);
  return aGet([...pairs, ['Signature', signature]]);
}

export function aGet(pairs: readonly (readonly [string, string])[]): WireRequest {
  return {
    method: 'GET',
    path: '/',
    query: pairs.map(([name, value]) => `${percentEncode(name)}=${percentEncode(value)}`).join('&'),
    headers: { host: 'localhost', 'user-agent': 'a-test' },
    body: Buffer.alloc(0),
    sourceIp: '127.0.0.1',
  };
}

/** `InstanceId.1`, `InstanceId.2`, … */
export function repeated(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
}
