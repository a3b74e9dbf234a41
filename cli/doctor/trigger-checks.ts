import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import { parseEndpoint } from '../../shared/outbound/endpoint.ts';
import type { Http } from '../api/http.ts';
import type { FoundTrigger } from '../invoke/list-triggers.ts';
import { failedCall } from './failed-call.ts';
import { fault, type Finding, ok } from './finding.ts';
import { TIMEOUT_MS } from './webhook-checks.ts';

export interface TriggerPorts {
  /** @throws {LatchkeyError} `not-found` when there is no such function */
  triggersOf(functionName: string): Promise<readonly FoundTrigger[]>;
  readonly http: Http;
}

/** Names in s.yaml. */
export const TRIGGERS = {
  'latchkey-attach': ['http'],
  'latchkey-launch': ['created', 'launched', 'scaled'],
  'latchkey-restart': ['queue', 'state', 'tick'],
  'latchkey-chat': ['http'],
  'latchkey-messenger': ['queue'],
} as const;

const CHAT = new Set(['latchkey-chat', 'latchkey-messenger']);

/** Checks that every function exists with all triggers on, and that the chat door answers. */
export async function checkTriggers(policy: Policy, ports: TriggerPorts): Promise<Finding[]> {
  const required = Object.entries(TRIGGERS).filter(
    ([functionName]) => policy.chat !== null || !CHAT.has(functionName),
  );
  const found = await Promise.all(
    required.map(([functionName, names]) => checkFunction(functionName, names, ports)),
  );
  return found.flat();
}

async function checkFunction(
  functionName: string,
  names: readonly string[],
  ports: TriggerPorts,
): Promise<Finding[]> {
  const check = `triggers of ${functionName.replace('latchkey-', '')}`;
  let triggers;
  try {
    triggers = await ports.triggersOf(functionName);
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'not-found') {
      return [fault(check, `${functionName} does not exist`, 'npm run deploy')];
    }
    return [failedCall(check, error, 'fc:ListTriggers')];
  }
  const faults = names.flatMap((name) => {
    const trigger = triggers.find((one) => one.name === name);
    if (trigger === undefined) return [fault(check, `"${name}" does not exist`, 'npm run deploy')];
    return trigger.isOn
      ? []
      : [fault(check, `"${name}" is off`, 'npm run deploy turns it on, as in s.yaml')];
  });
  const own = faults.length === 0 ? [ok(check, names.join(', '))] : faults;
  if (functionName !== 'latchkey-chat') return own;
  const url = triggers.find(({ name }) => name === 'http')?.url;
  return url === undefined ? own : [...own, await checkChatDoor(ports, url)];
}

/** The function answers only if it has all its secrets. */
async function checkChatDoor({ http }: TriggerPorts, url: string): Promise<Finding> {
  const check = 'chat door';
  const mend = 'read the log of latchkey-chat: it does not start with a wrong setting';
  try {
    parseEndpoint(url);
    const { status, body } = await http({
      method: 'GET',
      url: `${url}/healthz`,
      headers: {},
      body: undefined,
      timeoutMs: TIMEOUT_MS,
    });
    if (status === 200) return ok(check, 'GET /healthz');
    return fault(check, `GET /healthz answers ${status} ${body.slice(0, 300)}`, mend);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fault(check, `no answer: ${why}`, mend);
  }
}
