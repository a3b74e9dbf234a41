import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Ecs } from '../../shared/domain/model/ports.ts';
import { wholeKeySets } from '../../shared/inbound/console/jwt-keys.ts';
import type { Settings } from '../../shared/inbound/environment.ts';
import { attachSecrets } from '../../shared/inbound/needed-secrets.ts';
import { parseWebhookSecret } from '../../shared/contract/webhook-secret.ts';
import type { ProvisionPorts } from '../provision/provision.ts';
import { wantedOf } from '../provision/wanted.ts';
import { checkEcs, checkKeyPairs, checkStores } from './cloud-checks.ts';
import { type Finding, skipped } from './finding.ts';
import { checkProbe, type ProbePorts, type Reader } from './probe-check.ts';
import { checkOtherSecrets } from './secret-checks.ts';
import { checkEnvironment, checkPolicy, type Environment } from './settings-checks.ts';
import { checkTriggers, type TriggerPorts } from './trigger-checks.ts';
import { checkWebhook, type Fetch } from './webhook-checks.ts';

/** What is examined. */
export interface Patient {
  readonly policyText: Buffer;
  /** As the functions have it. */
  readonly environment: Environment;
  readonly accountId: string;
  /** The clouds' calls, once the settings are read. */
  ports(settings: Settings): DoctorPorts;
  readonly nowMs: () => number;
}

export interface DoctorPorts extends ProvisionPorts, TriggerPorts {
  readonly ecs: Pick<Ecs, 'describeInstances' | 'findKeyPair'>;
  readonly fetch: Fetch;
  readonly probe: ProbePorts;
}

/**
 * Looks whether everything that Latchkey needs is there and works together, from the settings to a message
 * through the queue and back. Changes nothing but a message and a row for each queue, which
 * end by themselves.
 *
 * Promises nothing about what only the real thing can show: that the role of `attach` may attach, which has
 * no dry run, and that a role which is limited to some instances may restart these.
 */
export async function examine(patient: Patient): Promise<Finding[]> {
  const policy = checkPolicy(patient.policyText);
  const secretNames = policy.value === undefined ? {} : wholeKeySets(attachSecrets(policy.value));
  const settings = checkEnvironment(patient.environment, patient.accountId, secretNames);
  const others =
    policy.value === undefined ? [] : checkOtherSecrets(policy.value, patient.environment);
  const findings = [...policy.findings, ...settings.findings, ...others];
  if (settings.value === undefined || policy.value === undefined) {
    return [...findings, skipped('the cloud', 'not asked before the above is mended')];
  }
  const ports = patient.ports(settings.value);
  const { smqQueue, smqDeadLetterQueue, smqChatQueue } = settings.value;
  const chatQueue = policy.value.chat === null ? null : smqChatQueue;
  const wanted = wantedOf([
    smqQueue,
    smqDeadLetterQueue,
    ...(chatQueue === null ? [] : [chatQueue]),
  ]);
  const [ecs, keyPairs, stores, webhook, triggers] = await Promise.all([
    checkEcs(ports.ecs),
    checkKeyPairs(policy.value, ports.ecs),
    checkStores(wanted, ports),
    lookAtWebhook(patient, policy.value, settings.value, ports),
    checkTriggers(policy.value, ports),
  ]);
  findings.push(ecs, ...keyPairs, ...stores, ...webhook, ...triggers);
  const isSick = stores.some(({ state }) => state === 'fault');
  const probes = await Promise.all(
    readersOf(smqQueue, chatQueue).map(async (reader) =>
      isSick
        ? [skipped(reader.check, 'not sent before queues and tables are mended')]
        : checkProbe(reader, ports.probe),
    ),
  );
  return [...findings, ...probes.flat()];
}

function readersOf(results: string, chat: string | null): Reader[] {
  return [
    { check: 'message through the queue', queueName: results, reader: 'restart' },
    ...(chat === null
      ? []
      : [{ check: 'message through the chat queue', queueName: chat, reader: 'messenger' }]),
  ];
}

function lookAtWebhook(
  { environment, nowMs }: Patient,
  policy: Policy,
  { regionId }: Settings,
  { fetch }: DoctorPorts,
): Promise<Finding[]> {
  const [name] = policy.clients.flatMap(({ secretNames }) => secretNames);
  const [text] = (environment[name ?? ''] ?? '').split(/[\s,]+/);
  if (text === undefined || text === '') {
    return Promise.resolve([skipped('webhook', 'the policy has no client')]);
  }
  return checkWebhook({ fetch, policy, regionId, nowMs, secret: parseWebhookSecret(text) });
}
