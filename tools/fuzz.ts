import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { inputsOf, lineOf } from './fuzz/input.ts';
import { complaintsOf, fuzz, replay, type Tally } from './fuzz/run.ts';

const USAGE = `Usage: npm run fuzz -- [options]

Throws random and mutated requests and events at the three built functions, in one process with a
local cloud. Exits with 1 when the webhook throws or answers 5xx, when ECS is called for a request
that was refused, when launch or restart throw what is no LatchkeyError, when a secret is printed,
when the heap after 10,000 requests is more than 1.1 times that after 2,000, or when the run was
long enough and yet some kind of refusal never came about.

  --seconds n   how long, by default 60
  --requests n  at least so many requests, however long it takes, by default 10,000: as many as the
                look at the heap needs
  --seed n      another run; the same seed gives the same inputs
  --replay file inputs that failed, as they were printed, once more
  --built       the bundles in dist are up to date
  --json        one line of JSON instead of words
  --help        this text`;

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    replay: { type: 'string' },
    built: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else {
  if (!values.built) await build();
  if (values.replay === undefined) await run();
  else await runAgain(values.replay);
}

async function run(): Promise<void> {
  const tally = await fuzz({
    seed: numberOf('seed', values.seed),
    seconds: numberOf('seconds', values.seconds),
    requests: numberOf('requests', values.requests),
    onProgress: ({ events }) => {
      if (!values.json) console.error(`${events.attach} requests`);
    },
  });
  finish(tally);
}

async function runAgain(path: string): Promise<void> {
  finish(await replay(inputsOf(readFileSync(path, 'utf8')), console.error));
}

function finish(tally: Tally): void {
  const complaints = complaintsOf(tally);
  if (complaints.length > 0) process.exitCode = 1;
  const { failures, ...counts } = tally;
  if (values.json) {
    const failed = failures.map(({ input, ...about }) => ({
      ...about,
      ...(input === undefined ? {} : { input: lineOf(input) }),
    }));
    console.log(
      JSON.stringify({ ...counts, failures: failed, complaints, ok: complaints.length === 0 }),
    );
    return;
  }
  console.log(JSON.stringify(counts, null, 2));
  for (const { what, error, input } of failures) {
    console.log(`\nFAILED: ${what}\n${error}`);
    if (input !== undefined) console.log(lineOf(input));
  }
  for (const complaint of complaints) console.log(`\nNOT GOOD: ${complaint}`);
  if (complaints.length === 0) console.log('\nnothing failed');
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && text !== '') return number;
  console.error(`Cannot take --${name} "${text}": not a whole number\n\n${USAGE}`);
  process.exit(2);
}
