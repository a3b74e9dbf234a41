import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { inputsOf, lineOf } from './fuzz/input.ts';
import { complaintsOf, fuzz, replay, type Tally } from './fuzz/run.ts';

const USAGE = `Usage: npm run fuzz -- [options]

Sends random and mutated requests and events to three built functions, in one process with a local
cloud. Exits with 1 when
- the webhook throws or answers 5xx,
- ECS is called for a request that was refused,
- launch or restart throw another error than a LatchkeyError,
- a secret is printed,
- the heap after 10,000 requests is more than 1.1 times that after 2,000,
- a long run never met some kind of refusal.

  --seconds n   how long to run; by default 60
  --requests n  the least number of requests, however long they take; by default 10,000, which the
                heap check needs
  --seed n      another run; the same seed gives the same inputs
  --replay file sends inputs again that failed; the file has them as they were printed
  --built       uses the bundles in dist as they are
  --json        prints one line of JSON
  --help        shows this text`;

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
  for (const complaint of complaints) console.log(`\nFAULT: ${complaint}`);
  if (complaints.length === 0) console.log('\nnothing failed');
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0 && text !== '') return number;
  console.error(`Cannot take --${name} "${text}": not a whole number\n\n${USAGE}`);
  process.exit(2);
}
