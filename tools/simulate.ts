import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { bundleSimulation } from './simulate/bundle.ts';
import { hunt } from './simulate/hunt.ts';
import { runSeeds } from './simulate/run.ts';
import { runSeed } from './simulate/seed.ts';
import { shorten, summaryOf } from './simulate/summary.ts';
import { whyItProvesNothing } from './simulate/verdict.ts';

const USAGE = `Usage:
  npm run simulate -- [--seeds 1000] [--from 1] [--workers n]   runs many seeds
  npm run simulate -- --seed n                                  runs one seed and shows its story
  npm run simulate -- --mutants [name …]                        builds in mistakes that must be caught

  --json  prints the result as JSON

Exits with 1 when a seed fails, when a mutant survives, or when the run met too little trouble to
prove anything.`;

/** How many failing seeds are shown with their story. The others mostly fail for the same reason. */
const STORIES = 2;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    workers: { type: 'string', default: String(availableParallelism()) },
    mutants: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else if (values.seed !== undefined) await replay(numberOf('seed', values.seed));
else if (values.mutants) await huntAll();
else await runMany();

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  console.error(`Cannot take --${name} "${text}": not a whole number from 1 on\n\n${USAGE}`);
  process.exit(2);
}

async function replay(seed: number): Promise<void> {
  const { story, faults } = await runSeed(seed, true);
  if (values.json) console.log(JSON.stringify({ seed, faults, story }));
  else console.log([...story, '', faults[0] ?? 'no fault'].join('\n'));
  if (faults.length > 0) process.exitCode = 1;
}

async function runMany(): Promise<void> {
  const options = {
    from: numberOf('from', values.from),
    seeds: numberOf('seeds', values.seeds),
    workers: numberOf('workers', values.workers),
  };
  const startedMs = performance.now();
  const tally = await runSeeds(await bundleSimulation(), options);
  const tookMs = performance.now() - startedMs;
  const complaints = whyItProvesNothing(tally);
  if (tally.faults.length > 0 || complaints.length > 0) process.exitCode = 1;
  if (values.json) {
    console.log(JSON.stringify({ ...tally, tookMs: Math.round(tookMs), complaints }));
    return;
  }
  console.log(summaryOf(tally, tookMs));
  for (const complaint of complaints) console.log(`TOO LITTLE TROUBLE: ${complaint}`);
  for (const { seed, fault } of tally.faults.slice(0, STORIES)) {
    console.log(`\nseed ${seed}: ${fault}\n`);
    console.log(shorten((await runSeed(seed, true)).story, fault).join('\n'));
    console.log(`\nThe whole story: npm run simulate -- --seed ${seed}`);
  }
  const others = tally.faults.slice(STORIES);
  if (others.length > 0) {
    console.log(`\n${others.length} more:`);
    for (const { seed, fault } of others.slice(0, 20)) console.log(`seed ${seed}: ${fault}`);
  }
  console.log(tally.faults.length === 0 ? '\nno seed failed' : `\n${tally.faults.length} failed`);
}

async function huntAll(): Promise<void> {
  const hunted = await hunt(positionals, numberOf('workers', values.workers), (found) => {
    if (values.json) return;
    const caught =
      found.kind === 'caught'
        ? `caught after ${String(found.seeds).padStart(4)} seeds: ${found.fault}`
        : `SURVIVED ${found.seeds} seeds`;
    console.log(`${found.name.padEnd(28)}${caught}`);
  });
  if (values.json) console.log(JSON.stringify(hunted));
  const alive = hunted.filter(({ kind }) => kind === 'survived').length;
  if (!values.json)
    console.log(`\n${hunted.length - alive} of ${hunted.length} mutants were caught`);
  if (alive > 0) process.exitCode = 1;
}
