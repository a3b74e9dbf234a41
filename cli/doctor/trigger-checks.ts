import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import type { Http } from '../api/http.ts';
import type { FoundTrigger } from '../invoke/list-triggers.ts';
import { fault, type Finding, ok, withCalls } from './finding.ts';
import { checkChatDoor } from './webhook-checks.ts';

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

function checkFunction(
  functionName: string,
  names: readonly string[],
  ports: TriggerPorts,
): Promise<Finding[]> {
  const check = `triggers of ${functionName.replace('latchkey-', '')}`;
  const deploy = (detail: string, mend = 'npm run deploy') => fault(check, detail, mend);
  return withCalls(check, 'fc:ListTriggers', async () => {
    let triggers;
    try {
      triggers = await ports.triggersOf(functionName);
    } catch (error) {
      if (!(error instanceof LatchkeyError) || error.code !== 'not-found') throw error;
      return [deploy(`${functionName} does not exist`)];
    }
    const faults = names.flatMap((name) => {
      const trigger = triggers.find((one) => one.name === name);
      if (trigger === undefined) return [deploy(`"${name}" does not exist`)];
      if (trigger.isOn) return [];
      return [deploy(`"${name}" is off`, 'npm run deploy turns it on, as in s.yaml')];
    });
    const own = faults.length === 0 ? [ok(check, names.join(', '))] : faults;
    const url = triggers.find(({ name }) => name === 'http')?.url;
    if (functionName !== 'latchkey-chat' || url === undefined) return own;
    return [...own, await checkChatDoor(ports.http, url)];
  });
}
