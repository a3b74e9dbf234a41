import * as v from 'valibot';
import { type FieldFault, LatchkeyError } from '../domain/model/errors.ts';
import type { Policy } from '../domain/model/policy.ts';
import { faultOf } from '../contract/parse.ts';
import { pointerOf } from '../lib/pointer.ts';
import { clientRuleOf, personOf } from './askers.ts';
import { chatRuleOf } from './chat.ts';
import { checkPolicy } from './check-policy.ts';
import { launchRuleOf } from './launch-rule.ts';
import { type PolicyEntry, PolicyFile } from './policy-file.ts';
import { reservedKeysIn } from './reserved-keys.ts';

/**
 * Reads the content of `policy.json`. Contradictions are reported only when every part has the right form.
 *
 * @param value the parsed JSON, in which a duplicate key is no longer visible: `npm run policy -- check` and
 * the build look for those in the text
 * @throws {LatchkeyError} `not-valid`: one line for each fault, with a pointer to it
 */
export function parsePolicy(value: unknown): Policy {
  const reserved = reservedKeysIn(value);
  if (reserved.length > 0) throw notAccepted(reserved);
  const read = v.safeParse(PolicyFile, value);
  if (!read.success) throw notAccepted(read.issues.map(faultOf));
  const policy = policyOf(read.output);
  const contradictions = checkPolicy({ entry: read.output, policy });
  if (contradictions.length > 0) throw notAccepted(contradictions);
  return policy;
}

function notAccepted(faults: readonly FieldFault[]): LatchkeyError {
  const lines = faults.map(
    ({ path, detail }) => `Cannot accept the policy: "${pointerOf(path)}": ${detail}`,
  );
  return new LatchkeyError('not-valid', lines.join('\n'), { faults });
}

function policyOf(entry: PolicyEntry): Policy {
  const { restartWindow, freezes, revokedKeyPairs } = entry;
  const defaults = {
    schedule: { window: restartWindow ?? null, freezes },
    healthGate: entry.healthGate ?? null,
  };
  return {
    clients: entry.clients.map((client) => clientRuleOf(client, defaults)),
    launch: entry.launch.map(launchRuleOf),
    ...defaults,
    allowDetach: entry.allowDetach,
    revokedKeyPairs: revokedKeyPairs.map((one) => ({
      ...one,
      fingerprint: one.fingerprint ?? null,
    })),
    optOut: entry.optOut,
    notify: entry.notify,
    ownRoles: entry.ownRoles ?? [],
    people: entry.people.map((person) => personOf(person, defaults)),
    chat: entry.chat === undefined ? null : chatRuleOf(entry.chat),
    console: entry.console ?? null,
  };
}
