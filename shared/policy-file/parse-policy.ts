import * as v from 'valibot';
import { type FieldFault, LatchkeyError } from '../domain/model/errors.ts';
import type { Policy } from '../domain/model/policy.ts';
import { faultOf } from '../contract/parse.ts';
import { pointerOf } from '../lib/pointer.ts';
import { chatRuleOf } from './chat.ts';
import { clientRuleOf } from './client.ts';
import { contradictionsIn } from './contradictions.ts';
import { launchRuleOf } from './launch-rule.ts';
import { personOf } from './person.ts';
import { type PolicyEntry, PolicyFile } from './policy-file.ts';
import { reservedKeysIn } from './reserved-keys.ts';

/**
 * Reads what `policy.json` holds. Contradictions are looked for once each part is right for itself.
 *
 * @param value what was JSON. That a key stood there twice cannot be seen any more: `npm run policy --
 * check` and the build look at the text
 * @throws {LatchkeyError} `not-valid`: one line for each fault, and a pointer to it
 */
export function parsePolicy(value: unknown): Policy {
  const reserved = reservedKeysIn(value);
  if (reserved.length > 0) throw refused(reserved);
  const read = v.safeParse(PolicyFile, value);
  if (!read.success) throw refused(read.issues.map(faultOf));
  const policy = policyOf(read.output);
  const contradictions = contradictionsIn(read.output, policy);
  if (contradictions.length > 0) throw refused(contradictions);
  return policy;
}

function refused(faults: readonly FieldFault[]): LatchkeyError {
  const lines = faults.map(
    ({ path, detail }) => `Cannot accept the policy: "${pointerOf(path)}": ${detail}`,
  );
  return new LatchkeyError('not-valid', lines.join('\n'), { faults });
}

function policyOf(entry: PolicyEntry): Policy {
  const { restartWindow, freezes, revokedKeyPairs } = entry;
  const everybody = {
    schedule: { window: restartWindow ?? null, freezes },
    healthGate: entry.healthGate ?? null,
  };
  return {
    clients: entry.clients.map((client) => clientRuleOf(client, everybody)),
    launch: entry.launch.map(launchRuleOf),
    ...everybody,
    allowDetach: entry.allowDetach,
    revokedKeyPairs: revokedKeyPairs.map((one) => ({
      ...one,
      fingerprint: one.fingerprint ?? null,
    })),
    optOut: entry.optOut,
    notify: entry.notify,
    ownRoles: entry.ownRoles ?? [],
    people: entry.people.map((person) => personOf(person, everybody)),
    chat: entry.chat === undefined ? null : chatRuleOf(entry.chat),
    console: entry.console ?? null,
  };
}
