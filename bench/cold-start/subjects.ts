import { cpSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signWebhook } from '../../shared/inbound/webhook-signature.ts';
import { parseWebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import { build, bundleWhole } from '../../tools/build.ts';
import type { Site } from './site.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** What starts cold, and how its process is to be called. */
export interface Subject {
  readonly name: string;
  readonly job: unknown;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The built functions with their usual events, and what they are compared with. Everything lies in
 * `folder`, so that nothing but the bundle itself decides what is read.
 */
export async function subjectsIn(folder: string, site: Site): Promise<Subject[]> {
  const client = (name: string, file: string): Subject => ({
    name,
    job: { kind: 'client', file, config: site.client },
    env: {},
  });
  return [
    { name: 'bare', job: { kind: 'bare', file: null }, env: {} },
    client('handWritten', await bundled(folder, 'hand-written.ts')),
    client('popCore', asInstalled('pop-core.cjs')),
    client('sdkWhole', await bundled(folder, 'as-installed/sdk.cjs')),
    client('sdkInstalled', asInstalled('sdk.cjs')),
    ...(await functions(folder, site)),
  ];
}

async function bundled(folder: string, file: string): Promise<string> {
  const outfile = join(folder, parse(file).name, 'index.js');
  await bundleWhole(ROOT, join(HERE, file), outfile);
  return outfile;
}

/** The package from `node_modules`, file by file. */
function asInstalled(file: string): string {
  return join(HERE, 'as-installed', file);
}

async function functions(folder: string, site: Site): Promise<Subject[]> {
  const built = await build();
  const events: Readonly<Record<string, () => Buffer>> = {
    attach: () => webhookEvent(site),
    launch: () => launchEvent(site),
    restart: () => Buffer.from(JSON.stringify(TICK)),
  };
  return built.map(({ name, path }) => {
    const copy = join(folder, name);
    cpSync(dirname(path), copy, { recursive: true });
    const event = events[name];
    if (event === undefined) throw new RangeError(`Cannot start "${name}": no event for it`);
    return {
      name,
      job: {
        kind: 'function',
        file: join(copy, 'index.js'),
        event: event().toString('base64'),
        context: { ...site.context, function: { name: `latchkey-${name}`, timeout: 60 } },
      },
      env: site.environment,
    };
  });
}

/** https://www.alibabacloud.com/help/en/functioncompute/fc/user-guide/time-triggers */
const TICK = { triggerTime: '2026-11-24T08:00:00Z', triggerName: 'tick', payload: '{}' };

/** A dry run: it reads, and changes nothing. */
function webhookEvent(site: Site): Buffer {
  const body = JSON.stringify({
    regionId: site.client.regionId,
    keyPairName: site.keyPairName,
    instanceIds: site.client.instanceIds,
    restart: 'auto',
    dryRun: true,
  });
  const headers = {
    'Content-Type': 'application/json',
    ...signWebhook({
      secret: parseWebhookSecret(site.secret),
      id: 'msg_bench',
      timestampSec: Math.floor(Date.now() / 1_000),
      body,
    }),
  };
  const http = { method: 'POST', path: '/rollouts', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' };
  return Buffer.from(
    JSON.stringify({
      version: 'v1',
      rawPath: '/rollouts',
      body,
      isBase64Encoded: false,
      headers,
      queryParameters: {},
      requestContext: { http },
    }),
  );
}

function launchEvent({ client }: Site): Buffer {
  const time = new Date().toISOString();
  return Buffer.from(
    JSON.stringify({
      id: 'bench-launch',
      source: 'acs.ecs',
      specversion: '1.0',
      type: 'ecs:ActionTrail:ApiCall',
      time,
      aliyunregionid: client.regionId,
      data: {
        eventId: 'bench-launch',
        eventName: 'RunInstances',
        eventType: 'ApiCall',
        eventTime: time,
        acsRegion: client.regionId,
        responseElements: { InstanceIdSets: { InstanceIdSet: client.instanceIds } },
        userIdentity: { type: 'ram-user', userName: 'bench' },
      },
    }),
  );
}
