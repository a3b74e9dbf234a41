import { parseArgs } from 'node:util';
import { build, type Built } from './build.ts';

const USAGE = `npm run size [-- --json]

Builds the functions and says what the bytes are that each loads at a cold start, by package or folder.`;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });

/** What a file belongs to: its package, or the first two folders of ours. */
function ownerOf(path: string): string {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return name ?? path.split('/').slice(0, 2).join('/');
}

function bytesByOwner({ inputs }: Built): [owner: string, bytes: number][] {
  const sums = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const owner = ownerOf(path);
    sums.set(owner, (sums.get(owner) ?? 0) + bytesInOutput);
  }
  return [...sums].toSorted(([, a], [, b]) => b - a);
}

async function main(): Promise<void> {
  const built = await build();
  if (values.json) {
    const sizes = built.map((one) => [
      one.name,
      {
        bytes: one.bytes,
        modules: Object.keys(one.inputs).length,
        by: Object.fromEntries(bytesByOwner(one)),
      },
    ]);
    console.log(JSON.stringify(Object.fromEntries(sizes)));
    return;
  }
  for (const one of built) {
    const modules = Object.keys(one.inputs).length;
    console.log(`${one.name}: ${one.bytes} bytes of ${modules} modules`);
    for (const [owner, bytes] of bytesByOwner(one)) {
      console.log(`${String(bytes).padStart(9)}  ${owner}`);
    }
    console.log('');
  }
}

if (values.help) console.log(USAGE);
else await main();
