import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { pointerOf } from '../../../shared/lib/pointer.ts';
import { parsePolicy } from '../../../shared/policy-file/parse-policy.ts';

export type Fields = Readonly<Record<string, unknown>>;

export const FINGERPRINT = '89:f0:ba:62:ac:b8:aa:e1:61:5e:fd:81:69:86:6d:6b';
export const OTHER_FINGERPRINT = '00:f0:ba:62:ac:b8:aa:e1:61:5e:fd:81:69:86:6d:6b';

/** A launch rule as the file has it. */
export function aRule(change: Fields = {}): Fields {
  return {
    name: 'web',
    match: { tags: { team: 'web' } },
    keyPairName: 'ops-2026',
    restart: true,
    ...change,
  };
}

/** A client as the file has it: may ask, and nothing else. */
export function aFileClient(change: Fields = {}): Fields {
  return {
    id: 'ci',
    secretNames: ['CI_SECRETS'],
    actions: ['ask'],
    keyPairs: [{ name: 'ops-2026', fingerprint: FINGERPRINT }],
    maxInstances: 50,
    restart: ['auto'],
    attach: ['now'],
    ...change,
  };
}

/** May approve, and nothing else. */
export const APPROVER: Fields = {
  id: 'approver',
  secretNames: ['APPROVER_SECRETS'],
  actions: ['approve'],
};

/** Each as `pointer: detail`; [] for a policy that is accepted. */
export function faultsOf(value: unknown): string[] {
  try {
    parsePolicy(value);
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    return (error.details.faults ?? []).map(({ path, detail }) => `${pointerOf(path)}: ${detail}`);
  }
  return [];
}
