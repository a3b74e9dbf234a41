import type { Policy } from '../../shared/domain/policy.ts';
import type { Ecs } from '../../shared/domain/ports.ts';
import { keySetsOf } from '../../shared/inbound/console/jwks.ts';
import type { Settings } from '../../shared/inbound/environment.ts';
import { parseWebhookSecret } from '../../shared/inbound/webhook-secret.ts';
import type { ProvisionPorts } from '../provision/provision.ts';
import { wantedOf } from '../provision/wanted.ts';
import { checkEcs, checkKeyPairs, checkStores } from './cloud-checks.ts';
import { type Finding, skipped } from './finding.ts';
import { checkProbe, type ProbePorts } from './probe-check.ts';
import { checkEnvironment, checkPolicy, type Environment } from './settings-checks.ts';
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

export interface DoctorPorts extends ProvisionPorts {
  readonly ecs: Pick<Ecs, 'describeInstances' | 'findKeyPair'>;
  readonly fetch: Fetch;
  readonly probe: ProbePorts;
}

/**
 * Looks whether everything that Latchkey needs is there and works together, from the settings to a message
 * through the queue and back. Changes nothing but one message and one row that end by themselves.
 *
 * Promises nothing about what only a real restart can show: whether the role of `restart` may reboot is
 * seen by nobody before it does.
 */
export async function examine(patient: Patient): Promise<Finding[]> {
  const policy = checkPolicy(patient.policyText);
  const secretNames =
    policy.value === undefined
      ? {}
      : { clients: policy.value.clients, keySets: keySetsOf(policy.value) };
  const settings = checkEnvironment(patient.environment, patient.accountId, secretNames);
  const findings = [...policy.findings, ...settings.findings];
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
  const [ecs, keyPairs, stores, webhook] = await Promise.all([
    checkEcs(ports.ecs),
    checkKeyPairs(policy.value, ports.ecs),
    checkStores(wanted, ports),
    lookAtWebhook(patient, policy.value, settings.value, ports),
  ]);
  findings.push(ecs, ...keyPairs, ...stores, ...webhook);
  const isSick = stores.some(({ state }) => state === 'fault');
  findings.push(
    isSick
      ? skipped('message through the queue', 'not sent before queues and tables are mended')
      : await checkProbe(ports.probe),
  );
  return findings;
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
