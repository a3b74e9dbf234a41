import { parseArgs } from 'node:util';
import { chaos } from './demo/chaos.ts';
import { launches } from './demo/launches.ts';
import { twoRollouts } from './demo/two-rollouts.ts';

const USAGE = `Usage: npm run demo -- [options]

Attaches a key pair to 121 instances of a local Alibaba Cloud and restarts those that need it, with
the same functions that are deployed. Exits with 0 only if every instance ended as its plan said.

  --chaos  attaches it to 200 instances while everything goes wrong: killed processes, repeated
           messages, a slow store, throttled calls. Takes up to three minutes
  --launch launches 500 instances in bursts, with events that come twice, late and out of order. Each
           instance must get the key pair of its launch rule once. Takes up to a minute and a half
  --json   prints the result as JSON, as the last line of standard output; all else goes to standard
           error
  --logs   shows the functions' log lines on standard error; they are always written to .local
  --help   shows this text`;

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) return 2;
  if (options.help === true) {
    console.log(USAGE);
    return 0;
  }
  if (options.chaos === true) return chaos(options);
  if (options.launch === true) return launches(options);
  return twoRollouts(options);
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        chaos: { type: 'boolean' },
        launch: { type: 'boolean' },
        json: { type: 'boolean' },
        logs: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    return values;
  } catch (error) {
    console.error(`Cannot start: ${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

// A demo that was interrupted may have left timers, which would keep the process alive.
process.exit(await main());
