/**
 * `npm run redrive [-- --send]`: shows what could not be processed, and with `--send` sends it again.
 */
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DEFAULT_SETTINGS } from '../local/cloud/kernel/settings.ts';
import { LatchkeyError } from '../shared/domain/errors.ts';
import { type CredentialSource, fcCredentials } from '../shared/outbound/credentials.ts';
import { parseEndpoint } from '../shared/outbound/endpoint.ts';
import { smqQueue } from '../shared/outbound/smq/smq-queue.ts';
import { smqReader } from '../shared/outbound/smq/smq-reader.ts';
import { keptSockets } from '../shared/outbound/sockets.ts';
import { look, redrive, type RedriveParts, type Report } from './redrive/redrive.ts';
import { signedInvocation } from './signed-invocation.ts';

/** design: the first of the local cloud's ports when `--port-base` does not say otherwise. */
const DEFAULT_PORT_BASE = 9000;
/** Most characters of a message that are shown: our own choice. */
const MAX_SHOWN = 200;
/** As long as `launch` may run: s.yaml. */
const INVOKE_TIMEOUT_MS = 60_000;

export const USAGE = `Usage: npm run redrive -- [options]

Shows the messages of the dead-letter queue: why each is there, its age, and how it begins.
Nothing is changed unless --send is given.

  --send            send each again (messages to the results queue, events to their function),
                    and delete it after it was taken
  --json            print JSON in place of text
  --port-base <n>   the local cloud at these ports (default 9000)
  --help            this text

In place of the local cloud, an account, when SMQ_ENDPOINT is set and --port-base is not:
  SMQ_ENDPOINT           https://<account>.mns.<region>.aliyuncs.com
  FC_ENDPOINT            https://<account>.<region>.fc.aliyuncs.com, for events that go to a function
  SMQ_QUEUE              default latchkey-results
  SMQ_DEAD_LETTER_QUEUE  default latchkey-dead
Credentials are then those of the default chain of @alicloud/credentials.

Exit status: 0, 1 when something was left that should have been sent, 2 when the queue cannot be read.
`;

export interface RedriveOptions {
  readonly send: boolean;
  readonly json: boolean;
  readonly smqEndpoint: string;
  readonly fcEndpoint: string | undefined;
  readonly queueName: string;
  readonly deadLetterQueueName: string;
  readonly credentials: CredentialSource;
  readonly isLocal: boolean;
}

/**
 * @returns undefined when only the usage was asked for
 * @throws {Error} for an option that is not one
 */
export function readRedriveOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): RedriveOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      send: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'port-base': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const { send, json, help, 'port-base': portText } = values;
  if (help) return undefined;
  const common = {
    send,
    json,
    queueName: env['SMQ_QUEUE'] || 'latchkey-results',
    deadLetterQueueName: env['SMQ_DEAD_LETTER_QUEUE'] || 'latchkey-dead',
  };
  if (portText === undefined && env['SMQ_ENDPOINT']) {
    return {
      ...common,
      smqEndpoint: env['SMQ_ENDPOINT'],
      fcEndpoint: env['FC_ENDPOINT'] || undefined,
      credentials: fcCredentials().source,
      isLocal: false,
    };
  }
  const portBase = Number(portText ?? DEFAULT_PORT_BASE);
  if (!Number.isInteger(portBase) || portBase < 1 || portBase > 65_525) {
    throw new Error(`Cannot use port base "${portText}": not a port`);
  }
  const { accessKeyId, accessKeySecret } = DEFAULT_SETTINGS;
  return {
    ...common,
    smqEndpoint: `http://127.0.0.1:${portBase + 2}`,
    fcEndpoint: `http://127.0.0.1:${portBase + 4}`,
    credentials: () => Promise.resolve({ accessKeyId, accessKeySecret }),
    isLocal: true,
  };
}

/**
 * @param print is given the whole output
 * @returns the exit status
 * @throws {LatchkeyError} when the dead-letter queue cannot be read
 * @throws {TypeError} for an endpoint that must not be used
 */
export async function run(
  options: RedriveOptions,
  print: (text: string) => void,
  nowMs: () => number = Date.now,
): Promise<number> {
  const { send, json, deadLetterQueueName, smqEndpoint } = options;
  const parts = partsOf(options, nowMs);
  const { total, reports } = send
    ? await redrive(parts).then((all) => ({ total: all.length, reports: all }))
    : await look(parts);
  const left = reports.filter(({ state }) => state === 'left').length;
  if (json) {
    print(`${JSON.stringify({ queue: deadLetterQueueName, total, messages: reports }, null, 2)}\n`);
  } else {
    const count = `${total} ${total === 1 ? 'message' : 'messages'}`;
    const shown = total > reports.length ? `, the first ${reports.length} of them:` : '';
    const did = send ? `, ${total - left} sent again, ${left} left` : shown;
    const lines = [`${count} in ${deadLetterQueueName} (${smqEndpoint})${did}`];
    lines.push(...reports.flatMap((report, i) => ['', ...linesOf(report, i + 1)]));
    if (!send && reports.some(({ to }) => to !== null))
      lines.push('', 'To send them again: --send');
    print(`${lines.join('\n')}\n`);
  }
  return left === 0 ? 0 : 1;
}

function partsOf(options: RedriveOptions, nowMs: () => number): RedriveParts {
  const { smqEndpoint, fcEndpoint, queueName, deadLetterQueueName, credentials } = options;
  if (fcEndpoint !== undefined) parseEndpoint(fcEndpoint);
  const smq = { endpoint: smqEndpoint, credentials, sockets: keptSockets() };
  return {
    deadLetters: smqReader({ ...smq, queueName: deadLetterQueueName }),
    results: smqQueue({ ...smq, queueName, log: () => undefined }),
    resultsName: queueName,
    invoke: (functionName, payload) => invoke(options, functionName, payload),
    nowMs,
  };
}

async function invoke(
  { fcEndpoint, credentials }: RedriveOptions,
  functionName: string,
  payload: string,
): Promise<void> {
  const refuse = (why: string, cause?: unknown) =>
    new Error(`Cannot call ${functionName}: ${why}`, { cause });
  if (fcEndpoint === undefined) throw refuse('FC_ENDPOINT is not set');
  const { url, ...init } = signedInvocation({
    endpoint: fcEndpoint,
    functionName,
    body: Buffer.from(payload),
    credentials: await credentials(),
    now: new Date(),
    nonce: randomUUID(),
  });
  let response: Response;
  let text: string;
  try {
    const signal = AbortSignal.timeout(INVOKE_TIMEOUT_MS);
    response = await fetch(url, { ...init, redirect: 'error', signal });
    text = await response.text();
  } catch (error) {
    // `fetch` says "fetch failed"; why, is in the cause.
    const { cause, message } = error as { readonly cause?: { code?: string }; message: string };
    throw refuse(cause?.code ?? message, error);
  }
  // A function that failed is answered with status 200 and this header.
  const failure = response.headers.get('x-fc-error-type');
  if (response.ok && failure === null) return;
  throw refuse(
    [response.status, failure, text.trim().slice(0, MAX_SHOWN)].filter(Boolean).join(' '),
  );
}

function linesOf({ ageMs, why, text, to, state, remark }: Report, nth: number): string[] {
  const shown = text.length <= MAX_SHOWN ? text : `${text.slice(0, MAX_SHOWN)}…`;
  const where = { found: `would go to ${to}`, sent: `sent to ${to}`, left: 'left' }[state];
  const end = to === null && state === 'found' ? 'cannot be sent again' : where;
  const lines = [`${nth}. ${why} (${inWords(ageMs)} old)`, `   ${shown.replaceAll(/\s+/g, ' ')}`];
  return [...lines, `   ${end}${remark === '' ? '' : `: ${remark}`}`];
}

function inWords(ageMs: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
  ] as const;
  const [ms, unit] = units.find(([one]) => ageMs >= one) ?? [1_000, 's'];
  return `${Math.floor(ageMs / ms)} ${unit}`;
}

async function main(): Promise<number> {
  const options = readRedriveOptions(process.argv.slice(2), process.env);
  const print = (text: string) => void process.stdout.write(text);
  if (options === undefined) {
    print(USAGE);
    return 0;
  }
  try {
    return await run(options, print);
  } catch (error) {
    if (!options.isLocal || !(error instanceof LatchkeyError)) throw error;
    if (error.code !== 'unreachable') throw error;
    const { port } = new URL(options.smqEndpoint);
    throw new Error(
      `Cannot read ${options.deadLetterQueueName}: nothing listens on port ${port}, start the local cloud with "npm start"`,
      { cause: error },
    );
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  }
}
