import { join } from 'node:path';
import { Option } from 'commander';
import { operatorAccess } from '../cloud/cloud-access.ts';
import type { CommandSpec } from '../command.ts';
import { cloudDeploymentOf, deploymentOf } from '../deployment.ts';
import { examine } from '../doctor/doctor.ts';
import type { Finding } from '../doctor/finding.ts';
import { EXIT } from '../exit.ts';
import * as flag from '../flags.ts';
import type { Io } from '../io.ts';
import { localSecret } from '../local-cloud.ts';
import type { OperatorAccess } from '../operator/operator-ports.ts';
import { readFile } from '../read-argument.ts';
import { plain } from '../show/text.ts';
import { printResult, type View } from '../show/view.ts';

type Flags = flag.Flags & { readonly policy?: string };

export const doctor: CommandSpec = {
  name: 'doctor',
  summary: 'check everything end to end, and say how to fix it',
  description:
    'Checks policy, settings, secrets, clock, ECS, key pairs, queues, tables, triggers, the webhook, the chat door, a message through each queue, and by dry runs whether the role of restart may restart. Says how to fix each fault. Writes nothing but one message and one row for each queue, which expire by themselves. Reads settings and secrets from the environment, as the functions do. attach’s permission to attach cannot be tested in advance: ECS has no dry run for it.',
  flags: [
    new Option('--policy <file>', 'check this policy instead of policy.json'),
    new Option('--url <url>', 'URL of attach (default: LATCHKEY_URL, else the local cloud)'),
    ...flag.cloud(),
  ],
  async run(cli, flags: Flags) {
    const { io } = cli;
    const access = operatorAccess(flags, io);
    const ports = await io.operator(access);
    const findings = await examine({
      policyText: readFile('the policy', flags.policy ?? join(io.projectFolder, 'policy.json')),
      environment: environmentOf(access, flags, io),
      accountId: access.accountId,
      url: deploymentOf(flags, io).url,
      ports: { ...ports, http: io.http },
      nowMs: io.nowMs,
    });
    const faults = findings.filter(({ state }) => state === 'fault').length;
    if (faults > 0) cli.exitStatus = EXIT.failed;
    printResult(io, flags, { findings, faults }, (view) => showFindings(findings, faults, view));
  },
};

/** The environment of the functions. A local cloud makes its own secrets, and shares only the webhook's. */
function environmentOf(access: OperatorAccess, flags: Flags, io: Io): Io['env'] {
  const settings = {
    REGION_ID: access.regionId,
    ECS_ENDPOINT: access.ecsEndpoint,
    SMQ_ENDPOINT: access.smqEndpoint,
    SMQ_QUEUE: access.queues.results,
    SMQ_CHAT_QUEUE: access.queues.chat,
    SMQ_DEAD_LETTER_QUEUE: access.queues.deadLetters,
    TABLESTORE_ENDPOINT: access.tablestoreEndpoint,
    TABLESTORE_INSTANCE: access.tablestoreInstance,
  };
  const found = cloudDeploymentOf(flags, io);
  const secret = found.kind === 'local' ? localSecret(io.projectFolder, found.portBase) : undefined;
  return { ...io.env, ...settings, ...(secret === undefined ? {} : { WEBHOOK_SECRETS: secret }) };
}

const SIGNS = { ok: ['green', '✓'], fault: ['red', '✗'], skipped: ['dim', '–'] } as const;

function showFindings(findings: readonly Finding[], faults: number, { paint }: View): string[] {
  const lines = findings.flatMap(({ check, state, detail, mend }) => {
    const [colour, sign] = SIGNS[state];
    const what = detail === '' ? check : `${check}: ${detail}`;
    return [
      `${paint(colour, sign)} ${plain(what)}`,
      ...(mend === '' ? [] : [`    ${paint('bold', 'fix:')} ${plain(mend)}`]),
    ];
  });
  return [...lines, '', faults === 0 ? 'no faults' : `${faults} to fix`];
}
