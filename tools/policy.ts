/**
 * `npm run policy -- check | explain | schema`: says whether the policy holds together, and what it
 * makes of an event or a request.
 */
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pointerOf } from '../shared/lib/pointer.ts';
import { LatchkeyError } from '../shared/domain/model/errors.ts';
import type { ChatRule } from '../shared/domain/model/policy.ts';
import { fieldsOf } from '../shared/lib/json-fields.ts';
import { readHttpEvent } from '../shared/inbound/fc.ts';
import { jsonOf } from '../shared/contract/parse.ts';
import { type Described, readDescribed } from './policy/described.ts';
import { explainLaunch } from './policy/explain-launch.ts';
import { explainRequest } from './policy/explain-request.ts';
import { missingIn, neededVariables } from './policy/needed-variables.ts';
import { readPolicy, textOf } from './policy/read-policy.ts';
import { policySchema } from './policy/schema.ts';
import { launchInWords, requestInWords } from './policy/words.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const POLICY = join(ROOT, 'policy.json');
export const SCHEMA = join(ROOT, 'policy.schema.json');

export const USAGE = `Usage: npm run policy -- <command> [options]

  check [file]      says whether the policy is taken, and which secrets its functions need
  explain <file>    says what the policy makes of a launch event, or of the body of POST /rollouts
  schema            writes policy.schema.json, which editors check the policy with

Options of explain:
  --policy <file>   another policy than policy.json
  --client <id>     a request of this client, or this person, only
  --instance <file> instances as DescribeInstances answers them: what an event or a request does
                    not tell of name, image and tags
  --json            print JSON in place of text

  --help            this text

Nothing is asked of the cloud, and nothing but the schema is written.
Exit status: 0, 1 when the policy, the event or the request is refused, 2 for anything else.
`;

const parsed = (args: readonly string[]) =>
  parseArgs({
    args: [...args],
    options: {
      policy: { type: 'string' },
      client: { type: 'string' },
      instance: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  });

type Print = (text: string) => void;

/**
 * @param print is given the whole output
 * @returns the exit status
 * @throws {LatchkeyError} for a policy, an event or a request that is refused
 * @throws {Error} for an option that is not one, and for a file that cannot be read
 */
export function run(args: readonly string[], print: Print, nowMs: () => number = Date.now): number {
  const { values, positionals } = parsed(args);
  const [command, file, ...others] = positionals;
  if (values.help || command === undefined) {
    print(USAGE);
    return values.help ? 0 : 2;
  }
  if (others.length > 0) throw new Error(`Cannot use "${others[0]}": one file at a time`);
  switch (command) {
    case 'check':
      return check(file ?? POLICY, print);
    case 'explain':
      if (file === undefined) throw new Error('Cannot explain: no file is given');
      return explain(file, values, print, nowMs());
    case 'schema':
      writeFileSync(SCHEMA, schemaText());
      print(`wrote policy.schema.json\n`);
      return 0;
    default:
      throw new Error(`Cannot run "${command}": not one of check, explain and schema`);
  }
}

export function schemaText(): string {
  return `${JSON.stringify(policySchema(), null, 2)}\n`;
}

function check(path: string, print: Print): number {
  const policy = readPolicy(path);
  const { clients, people, chat, launch, revokedKeyPairs, notify } = policy;
  const operators = policy.console?.operators ?? [];
  const lines = [
    `${path} is taken.`,
    `  clients              ${clients.map(({ id }) => id).join(', ') || 'none: nobody may ask'}`,
    `  people               ${people.map(({ id }) => id).join(', ') || 'none'}`,
    `  chats                ${platformsOf(chat).join(', ') || 'none'}`,
    `  console              ${operators.join(', ') || 'none'}`,
    `  launch rules         ${launch.map(({ name }) => name).join(', ') || 'none'}`,
    `  revoked key pairs    ${revokedKeyPairs.map(({ name }) => name).join(', ') || 'none'}`,
    `  channels             ${notify.map(({ id }) => id).join(', ') || 'none'}`,
    ...Object.entries(neededVariables(policy)).map(
      ([name, variables]) => `  secrets of ${name.padEnd(9)} ${variables.join(', ') || 'none'}`,
    ),
  ];
  // Another file is not what is deployed.
  const isDeployed = basename(path) === 'policy.json';
  const missing = isDeployed ? missingIn(join(dirname(path), 's.yaml'), policy) : [];
  lines.push(...missing.map((one) => `Cannot deploy it: ${one}`));
  print(`${lines.join('\n')}\n`);
  return missing.length === 0 ? 0 : 1;
}

function platformsOf(chat: ChatRule | null): string[] {
  if (chat === null) return [];
  return Object.keys(chat.apps);
}

function explain(
  path: string,
  options: ReturnType<typeof parsed>['values'],
  print: Print,
  nowMs: number,
): number {
  const policy = readPolicy(options.policy ?? POLICY);
  const bytes = textOf(path);
  const described: ReadonlyMap<string, Described> =
    options.instance === undefined
      ? new Map()
      : readDescribed(textOf(options.instance), `"${options.instance}"`);
  const body = requestIn(bytes);
  if (body === undefined && options.client !== undefined) {
    throw new Error(`Cannot explain for client "${options.client}": "${path}" is no request`);
  }
  const explanation =
    body === undefined
      ? explainLaunch(bytes, policy, described)
      : explainRequest(body, policy, { clientId: options.client, described, nowMs });
  if (options.json) print(`${JSON.stringify(explanation, null, 2)}\n`);
  else {
    const lines =
      explanation.kind === 'request' ? requestInWords(explanation) : launchInWords(explanation);
    print(`${lines.join('\n')}\n`);
  }
  return 0;
}

/** The body of a request to the webhook, bare or in the event of its trigger; undefined for others. */
function requestIn(bytes: Uint8Array): Uint8Array | undefined {
  const fields = fieldsOf(jsonOf(bytes, 'the file'));
  if ('requestContext' in fields && 'rawPath' in fields) return readHttpEvent(bytes).body;
  return 'keyPairName' in fields || 'instanceIds' in fields ? bytes : undefined;
}

/** What is refused, with every fault; for anything else why it cannot be done. */
export function linesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const faults = error instanceof LatchkeyError ? (error.details.faults ?? []) : [];
  const others = faults.filter(({ detail }) => !error.message.includes(detail));
  return [error.message, ...others.map(({ path, detail }) => `  "${pointerOf(path)}": ${detail}`)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    process.exitCode = run(process.argv.slice(2), (text) => void process.stdout.write(text));
  } catch (error) {
    process.stderr.write(`${linesOf(error).join('\n')}\n`);
    process.exitCode = error instanceof LatchkeyError ? 1 : 2;
  }
}
