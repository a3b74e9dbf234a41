import { parseArgs } from 'node:util';
import { build } from '../tools/build.ts';
import { measureFleet } from './fleet.ts';
import { measureGrowth } from './growth.ts';
import { describeMachine } from './machine.ts';
import {
  type Measured,
  mergeIntoFile,
  PART_NAMES,
  type PartName,
  type Results,
} from './results.ts';
import { summaryOf } from './summary.ts';
import { measureWarm } from './warm.ts';

const USAGE = `Usage: npm run bench -- [options]

Measures cold starts, fleets, warm requests and growth on this machine. Whatever is compared is
measured in turn. Nothing else should run meanwhile.

  --only part  ${PART_NAMES.join(', ')}; may be given several times
  --out file   writes the raw results and the machine as JSON; keeps parts that are not measured now
  --rounds n   how often to measure; by default 20 cold starts and 3 of everything else
  --json       prints the summary as JSON, as the last line of standard output; all else goes to
               standard error
  --help       this text`;

/** Rounds of each part; slow parts have fewer. Our own choice. */
const COLD_STARTS = 20;
const DEPLOYED_COLD_STARTS = 10;
const ROUNDS = 3;

type Parts = {
  readonly [K in PartName]: (rounds: number | undefined) => Promise<Measured[K]>;
};

const PARTS: Parts = {
  coldStart: async (rounds = COLD_STARTS) =>
    (await import('./cold-start.ts')).measureColdStarts(rounds),
  deployedColdStart: async (rounds = DEPLOYED_COLD_STARTS) =>
    (await import('./cold-start.ts')).measureDeployedColdStarts(rounds),
  fleet: (rounds = ROUNDS) => measureFleet(rounds),
  warm: (rounds = ROUNDS) => measureWarm(rounds),
  growth: (rounds = ROUNDS) => measureGrowth(rounds),
};

async function main(): Promise<void> {
  const options = readOptions();
  if (options === undefined) return;
  const say = options.json ? console.error : console.log;
  await build();
  const results: Results = {};
  for (const name of options.parts) {
    say(`${name}: measuring …`);
    Object.assign(results, { [name]: await measured(name, options.rounds) });
    // Saved before the next part, which may fail.
    if (options.out !== undefined) mergeIntoFile(options.out, results);
  }
  const summary = summaryOf(results);
  if (options.json) console.log(JSON.stringify(summary));
  else say(JSON.stringify(summary, null, 2));
}

async function measured(name: PartName, rounds: number | undefined) {
  const machine = describeMachine();
  const startedMs = performance.now();
  const result = await PARTS[name](rounds);
  return { machine, tookSeconds: Math.round((performance.now() - startedMs) / 1_000), result };
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [...PART_NAMES] },
      out: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return undefined;
  }
  const rounds = values.rounds === undefined ? undefined : Number(values.rounds);
  if (rounds !== undefined && !(Number.isSafeInteger(rounds) && rounds > 0)) {
    throw new RangeError(`Cannot measure "${values.rounds}" rounds: not a whole number above 0`);
  }
  const parts = values.only.map((name) => {
    const part = PART_NAMES.find((known) => known === name);
    if (part !== undefined) return part;
    throw new RangeError(`Cannot measure "${name}": must be one of ${PART_NAMES.join(', ')}`);
  });
  return { parts, rounds, out: values.out, json: values.json };
}

await main();
