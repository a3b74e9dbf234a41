import { cpSync } from 'node:fs';
import { dirname, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, bundleWhole } from '../../tools/build.ts';
import { usualEvents } from '../../tools/build/warm-up/events.ts';
import type { Site } from '../../tools/build/warm-up/site.ts';
import type { ClientConfig } from './hand-written.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HERE = fileURLToPath(new URL('.', import.meta.url));

/** A program that starts cold, and what its process gets. */
export interface Subject {
  readonly name: string;
  readonly job: unknown;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The built functions with their usual events, and what they are compared with. The bundles are copied
 * to `folder`, so that they find no package of the project.
 */
export async function subjectsIn(folder: string, site: Site): Promise<Subject[]> {
  const client = (name: string, file: string): Subject => ({
    name,
    job: { kind: 'client', file, config: clientOf(site) },
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

function clientOf({ endpoints, credentials, regionId, instanceIds }: Site): ClientConfig {
  const { hostname, port } = new URL(endpoints.ecs);
  return {
    protocol: 'http',
    host: hostname,
    port: Number(port),
    ...credentials,
    regionId,
    instanceIds,
  };
}

async function bundled(folder: string, file: string): Promise<string> {
  const outfile = join(folder, parse(file).name, 'index.js');
  await bundleWhole(ROOT, join(HERE, file), outfile);
  return outfile;
}

/** The package as it is in `node_modules`, not bundled. */
function asInstalled(file: string): string {
  return join(HERE, 'as-installed', file);
}

/** Each function handles the first of its usual events. Without one it is only initialized. */
async function functions(folder: string, site: Site): Promise<Subject[]> {
  const built = await build();
  return built.map(({ name, path }) => {
    const copy = join(folder, name);
    cpSync(dirname(path), copy, { recursive: true });
    const start = site.startOf(name);
    if (start === undefined) throw new RangeError(`Cannot start "${name}": s.yaml lacks it`);
    return {
      name,
      job: {
        kind: 'function',
        file: join(copy, 'index.js'),
        event: usualEvents(name, site)[0]?.toString('base64') ?? null,
        context: start.context,
      },
      env: start.env,
    };
  });
}
