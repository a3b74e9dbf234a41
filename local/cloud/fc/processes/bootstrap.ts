/**
 * Runs in the process of a function instance: loads the code, then carries out one call after the other for
 * its host. The host bundles this file when it starts.
 */
import { loadCode } from '../instances/load-code.ts';
import {
  BOOTSTRAP_FILE_VARIABLE,
  BOOTSTRAP_MARK_VARIABLE,
  type Call,
  type CallOutcome,
  type EndedMessage,
} from '../instances/protocol.ts';
import { functionError, type FunctionModule, runCall } from '../instances/run-call.ts';

const codeFile = process.env[BOOTSTRAP_FILE_VARIABLE]!;
const mark = process.env[BOOTSTRAP_MARK_VARIABLE]!;
delete process.env[BOOTSTRAP_FILE_VARIABLE];
delete process.env[BOOTSTRAP_MARK_VARIABLE];

let loading: Promise<FunctionModule> | undefined;
let busy = false;

process.on('message', (call: Call) => {
  busy = true;
  loading ??= loadCode(codeFile);
  void loading.then(
    async (module) => end(await runCall(module, { ...call, event: Buffer.from(call.event) })),
    // Code that failed to load is not loaded again in this process.
    (error: unknown) => fail(error),
  );
});

// Ctrl-C signals the whole process group, but only the host ends an instance.
process.on('SIGINT', () => {});
// The host is gone.
process.on('disconnect', () => process.exit(0));

// As on the platform, an uncaught error fails the invocation and ends the process. Node raises an unhandled
// rejection as such an error.
process.on('uncaughtException', fail);

function fail(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${text}\n`);
  if (!busy) process.exit(1);
  end({ kind: 'failed', handled: false, error: functionError(error) }, true);
}

/** Reports once how the call ended, after its log lines. */
function end(outcome: CallOutcome, ending = false): void {
  if (!busy) return;
  busy = false;
  const message: EndedMessage = { outcome, rssBytes: process.memoryUsage.rss(), ending };
  process.stdout.write(`${mark}\n`, () => {
    process.stderr.write(`${mark}\n`, () => {
      process.send!(message, undefined, undefined, () => {
        if (ending) process.exit(1);
      });
    });
  });
}
