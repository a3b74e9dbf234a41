import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Ecs } from '../../shared/domain/model/ports.ts';
import { wholeKeySets } from '../../shared/inbound/console/jwt-keys.ts';
import type { Settings } from '../../shared/inbound/environment.ts';
import { attachSecrets } from '../../shared/inbound/needed-secrets.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import type { Http } from '../api/http.ts';
import { type ProvisionPorts, requiredStores } from '../provision/provision.ts';
import { checkEcs, checkKeyPairs, checkStores } from './cloud-checks.ts';
import { type Finding, skipped } from './finding.ts';
import { checkProbe, type ProbePorts, type Reader } from './probe-check.ts';
import {
  checkEnvironment,
  checkOtherSecrets,
  checkPolicy,
  type Environment,
} from './settings-checks.ts';
import { checkTriggers, type TriggerPorts } from './trigger-checks.ts';
import { checkWebhook } from './webhook-checks.ts';

export interface DoctorInput {
  readonly policyText: Buffer;
  /** The environment of the functions. */
  readonly environment: Environment;
  readonly accountId: string;
  /** Of the webhook: protocol, host and port. */
  readonly url: string;
  readonly ports: DoctorPorts;
  readonly nowMs: () => number;
}

export interface DoctorPorts extends ProvisionPorts, TriggerPorts {
  readonly ecs: Pick<Ecs, 'describeInstances' | 'findKeyPair'>;
  readonly http: Http;
  readonly probe: ProbePorts;
}

/**
 * Checks that everything Latchkey needs exists and works together, from the settings to a message through
 * each queue and back. Writes nothing but one message and one row for each queue, which expire by themselves.
 *
 * Does not tell whether the role of `attach` may attach, because ECS has no dry run for it, nor whether a role
 * that is limited to some instances may restart these.
 */
export async function examine(input: DoctorInput): Promise<Finding[]> {
  const { policyText, environment, accountId, ports } = input;
  const findings: Finding[] = [];
  const policy = checkPolicy(policyText, findings);
  const secretNames = policy === undefined ? {} : wholeKeySets(attachSecrets(policy));
  const settings = checkEnvironment(environment, accountId, secretNames, findings);
  if (policy !== undefined) findings.push(...checkOtherSecrets(policy, environment));
  if (policy === undefined || settings === undefined) {
    return [...findings, skipped('the cloud', 'not checked until the faults above are fixed')];
  }
  const { smqQueue, smqDeadLetterQueue, smqChatQueue } = settings;
  const chatQueues = policy.chat === null || smqChatQueue === null ? [] : [smqChatQueue];
  const stores = checkStores(requiredStores([smqQueue, smqDeadLetterQueue, ...chatQueues]), ports);
  const found = await Promise.all([
    checkEcs(ports.ecs),
    checkKeyPairs(policy, ports.ecs),
    stores,
    checkWebhookOf(input, policy, settings),
    checkTriggers(policy, ports),
  ]);
  const isFaulty = (await stores).some(({ state }) => state === 'fault');
  const readers: Reader[] = [
    { check: 'message through the queue', queueName: smqQueue, reader: 'restart' },
    ...chatQueues.map((queueName) => {
      return { check: 'message through the chat queue', queueName, reader: 'messenger' };
    }),
  ];
  const probes = await Promise.all(
    readers.map(async (reader) =>
      isFaulty
        ? [skipped(reader.check, 'not sent until queues and tables are fixed')]
        : checkProbe(reader, ports.probe),
    ),
  );
  return [...findings, ...found.flat(), ...probes.flat()];
}

async function checkWebhookOf(
  { environment, nowMs, url, ports: { http } }: DoctorInput,
  policy: Policy,
  { regionId }: Settings,
): Promise<Finding[]> {
  const [name] = policy.clients.flatMap(({ secretNames }) => secretNames);
  const [text = ''] = (environment[name ?? ''] ?? '').split(/[\s,]+/);
  if (text === '') return [skipped('webhook', 'the policy has no client')];
  const secret = parseWebhookSecret(text);
  return checkWebhook({ http, url, policy, regionId, nowMs, secret });
}
