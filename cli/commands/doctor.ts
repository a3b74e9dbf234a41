import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { examine } from '../doctor/doctor.ts';
import type { Finding } from '../doctor/finding.ts';
import type { Fetch } from '../doctor/webhook-checks.ts';
import { EXIT, usageError } from '../exit.ts';
import { type Cli, type Io, printLines } from '../io.ts';
import { localSecret } from '../local-cloud.ts';
import { operatorAccess, type OperatorFlags } from '../operator/operator-access.ts';
import type { OperatorAccess } from '../operator/operator-ports.ts';
import { cloudDeploymentOf, deploymentOf } from '../deployment.ts';
import { printJson } from '../show/json.ts';
import { type Paint, paintFor } from '../show/paint.ts';
import { plain } from '../show/text.ts';
import { type JsonFlag, withCloud, withJson } from './flags.ts';

type Flags = OperatorFlags & JsonFlag & { readonly policy?: string };

/** Of one request to the webhook: our own choice, a cold start included. */
const TIMEOUT_MS = 30_000;

export function doctorCommand(cli: Cli): Command {
  const { io } = cli;
  const made = new Command('doctor')
    .summary('check everything end to end, and say what to mend')
    .description(
      'Checks policy, settings, secrets, clock, ECS, key pairs, queues, tables, triggers, the webhook, the chat door, a message through each queue and whether the role of restart may restart (by dry runs), and says for each fault what to do about it. Changes nothing but a message and a row for each queue, which end by themselves. Reads settings and secrets from the environment, as the functions do. Whether the role of attach may attach is seen by nobody before it does: that has no dry run.',
    )
    .option('--policy <file>', 'another policy than policy.json')
    .option('--url <url>', 'of the function attach (default: LATCHKEY_URL, else the local cloud)')
    .action(async (flags: Flags) => {
      const place = operatorAccess(flags, io);
      const ports = await io.operator(place);
      const url = deploymentOf(flags, io).url ?? io.env['LATCHKEY_URL'];
      if (url === undefined)
        throw usageError('Cannot ask the webhook: no URL: --url or LATCHKEY_URL');
      const findings = await examine({
        policyText: readPolicyFile(flags.policy ?? join(io.projectFolder, 'policy.json')),
        environment: environmentOf(place, flags, io),
        accountId: place.accountId,
        ports: () => ({
          ...ports,
          fetch: fetchAt(url, io),
          fetchAt: (other) => fetchAt(other, io),
        }),
        nowMs: io.nowMs,
      });
      const faults = findings.filter(({ state }) => state === 'fault').length;
      if (faults > 0) cli.exitStatus = EXIT.failed;
      if (flags.json) printJson(io.out, { findings, faults });
      else printLines(io.out, showFindings(findings, paintFor(io.out, io)));
    });
  return withCloud(withJson(made));
}

function readPolicyFile(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw usageError(`Cannot read the policy from "${path}": ${code ?? 'not readable'}`);
  }
}

/** What the functions have. A local cloud makes secrets of its own, and tells the webhook's. */
function environmentOf(place: OperatorAccess, flags: Flags, io: Io): Io['env'] {
  const settings = {
    REGION_ID: place.regionId,
    ECS_ENDPOINT: place.ecsEndpoint,
    SMQ_ENDPOINT: place.smqEndpoint,
    SMQ_QUEUE: place.queues.results,
    SMQ_CHAT_QUEUE: place.queues.chat,
    SMQ_DEAD_LETTER_QUEUE: place.queues.deadLetters,
    TABLESTORE_ENDPOINT: place.tablestoreEndpoint,
    TABLESTORE_INSTANCE: place.tablestoreInstance,
  };
  const found = cloudDeploymentOf(flags, io);
  const secret = found.kind === 'local' ? localSecret(io.projectFolder, found.portBase) : undefined;
  return { ...io.env, ...settings, ...(secret === undefined ? {} : { WEBHOOK_SECRETS: secret }) };
}

function fetchAt(url: string, { http }: Io): Fetch {
  return ({ method, path, headers, body }) =>
    http({
      method,
      url: `${url}${path}`,
      headers,
      body: method === 'GET' ? undefined : body,
      timeoutMs: TIMEOUT_MS,
    });
}

const SIGNS = { ok: ['green', '✓'], fault: ['red', '✗'], skipped: ['dim', '–'] } as const;

function showFindings(findings: readonly Finding[], paint: Paint): string[] {
  const lines = findings.flatMap(({ check, state, detail, mend }) => {
    const [colour, sign] = SIGNS[state];
    const what = detail === '' ? check : `${check}: ${detail}`;
    return [
      `${paint(colour, sign)} ${plain(what)}`,
      ...(mend === '' ? [] : [`    ${paint('bold', 'mend:')} ${plain(mend)}`]),
    ];
  });
  const faults = findings.filter(({ state }) => state === 'fault').length;
  const end = faults === 0 ? 'nothing is wrong' : `${faults} to mend`;
  return [...lines, '', end];
}
