import { parseArgs } from 'node:util';
import { basename } from 'node:path';
import { build, type BuiltFile } from './build.ts';

const USAGE = `npm run size [-- --json]

Builds the functions. For each file that a function loads, at a cold start or at its first call to ECS,
prints the bytes by package or folder, and the bytes of its compiled code.`;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, help: { type: 'boolean' } } });

/** The package that a file belongs to, or the first two folders of its path. */
function ownerOf(path: string): string {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return name ?? path.split('/').slice(0, 2).join('/');
}

function bytesByOwner({ inputs }: BuiltFile): [owner: string, bytes: number][] {
  const sums = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
    const owner = ownerOf(path);
    sums.set(owner, (sums.get(owner) ?? 0) + bytesInOutput);
  }
  return [...sums].toSorted(([, a], [, b]) => b - a);
}

function sizesOf(file: BuiltFile) {
  const { bytes, codeBytes, inputs } = file;
  const by = Object.fromEntries(bytesByOwner(file));
  return { bytes, codeBytes, modules: Object.keys(inputs).length, by };
}

async function main(): Promise<void> {
  const built = await build();
  if (values.json) {
    const sizes = built.map(({ name, files }) => [
      name,
      Object.fromEntries(files.map((file) => [basename(file.path), sizesOf(file)])),
    ]);
    console.log(JSON.stringify(Object.fromEntries(sizes)));
    return;
  }
  for (const { name, files } of built) {
    for (const file of files) {
      const { bytes, codeBytes, modules, by } = sizesOf(file);
      const title = `${name}/${basename(file.path)}`;
      console.log(`${title}: ${bytes} bytes of ${modules} modules, ${codeBytes} of code`);
      for (const [owner, size] of Object.entries(by)) {
        console.log(`${String(size).padStart(9)}  ${owner}`);
      }
      console.log('');
    }
  }
}

if (values.help) console.log(USAGE);
else await main();
