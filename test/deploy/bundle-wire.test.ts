import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test, vi } from 'vitest';
import { loadCode } from '../../local/cloud/fc/instances/load-code.ts';
import type { fcCredentials as FcCredentials } from '../../shared/outbound/credentials.ts';
import type { EcsAction } from '../../shared/outbound/ecs/client.ts';
import type {
  EcsOptions,
  ecsOverSdk as EcsOverSdk,
} from '../../shared/outbound/ecs/ecs-over-sdk.ts';
import { bundle, type BundleOptions } from '../../tools/build.ts';
import { aServer, NOW_MS, sends } from '../shared/outbound/ecs/a-server.ts';
import { SAME, sentByBoth } from '../shared/outbound/ecs/same-calls.ts';

/** What a bundle leaves out of the SDK, and what esbuild makes of its classes, shows on the wire only. */

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'latchkey-bundle-wire-'));
let bundled: { ecsOverSdk: typeof EcsOverSdk; fcCredentials: typeof FcCredentials };

type Bundled = typeof bundled;

async function load(name: string, options: BundleOptions = {}): Promise<Bundled> {
  const path = join(folder, name, 'index.js');
  await bundle(ROOT, join(folder, 'entry.ts'), path, options);
  return (await loadCode(path)) as Bundled;
}

beforeAll(async () => {
  const exported = ['ecs/ecs-over-sdk.ts', 'credentials.ts'].map((file) => {
    return `export * from ${JSON.stringify(join(ROOT, 'shared/outbound', file))};`;
  });
  writeFileSync(join(folder, 'entry.ts'), exported.join('\n'));
  bundled = await load('bundle');
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function anEcs(url: string, change: Partial<EcsOptions> = {}, from = bundled) {
  return from.ecsOverSdk({
    regionId: 'cn-hangzhou',
    endpoint: url,
    credentials: async () => ({ accessKeyId: 'a', accessKeySecret: 's', securityToken: 't' }),
    nowMs: () => NOW_MS,
    log: () => {},
    ...change,
  });
}

test('every operation in use is compared', ({ expect }) => {
  const all: Readonly<Record<EcsAction, true>> = {
    AttachKeyPair: true,
    DescribeInstances: true,
    DescribeKeyPairs: true,
    DetachKeyPair: true,
    RebootInstances: true,
    StartInstances: true,
  };
  const compared = Object.keys(SAME).map((name) => name.split(' ')[0]!);
  expect([...new Set(compared)].toSorted()).toEqual(Object.keys(all).toSorted());
});

test.for(Object.keys(SAME))(
  'the bundle sends %s as the untouched official client does',
  async (name, { expect }) => {
    const [mine, official] = await sentByBoth(name, anEcs);
    expect(mine).toEqual(official);
    expect(Object.keys(mine?.parameters ?? {}).length).toBeGreaterThan(2);
  },
);

/**
 * The models' own TypeScript, with fields that their classes declare. The package's JavaScript has none, so that
 * only a bundle of these shows what the compiler makes of them.
 */
const SOURCES = Object.fromEntries(
  [...new Set(Object.keys(SAME).map((name) => `${name.split(' ')[0]}Request`))].map((model) => [
    `@alicloud/ecs20140526/dist/models/${model}.js`,
    join(ROOT, `node_modules/@alicloud/ecs20140526/src/models/${model}.ts`),
  ]),
);

test('the comparison holds for the TypeScript of the models, too', async ({ expect }) => {
  const sources = await load('sources', { alias: SOURCES });
  for (const name of Object.keys(SAME)) {
    const [mine, official] = await sentByBoth(name, (url) => anEcs(url, {}, sources));
    expect(mine, name).toEqual(official);
  }
});

test('the comparison fails where class fields are defined natively', async ({ expect }) => {
  const tsconfigRaw = { compilerOptions: { useDefineForClassFields: true } };
  const wiped = await load('wiped', { alias: SOURCES, tsconfigRaw });
  for (const name of Object.keys(SAME)) {
    const [mine, official] = await sentByBoth(name, (url) => anEcs(url, {}, wiped));
    expect(mine, name).not.toEqual(official);
    expect(mine?.parameters, name).toEqual({});
  }
});

test('an error that a gateway words in XML is understood', async ({ expect }) => {
  const xml = '<Error><Code>Throttling.User</Code><Message>Too fast</Message></Error>';
  const { url } = await aServer(sends(400, xml, { 'content-type': 'text/xml;charset=utf-8' }));
  await expect(anEcs(url).findKeyPair('ops')).rejects.toMatchObject({
    code: 'throttled',
    details: { vendorCode: 'Throttling.User' },
  });
});

test('a refusal in JSON is understood', async ({ expect }) => {
  const { url } = await aServer(
    sends(403, { Code: 'Forbidden.RAM', Message: 'No', RequestId: 'r' }),
  );
  await expect(anEcs(url).findKeyPair('ops')).rejects.toMatchObject({
    code: 'refused',
    details: { vendorCode: 'Forbidden.RAM', requestId: 'r' },
  });
});

test('the default chain of credentials is there when it is asked', async ({ expect }) => {
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'from-environment');
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'secret');
  try {
    await expect(bundled.fcCredentials().source()).resolves.toMatchObject({
      accessKeyId: 'from-environment',
    });
  } finally {
    vi.unstubAllEnvs();
  }
});
