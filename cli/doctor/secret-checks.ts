import type { Policy } from '../../shared/domain/model/policy.ts';
import { secretsByFunction, variablesOf } from '../../shared/inbound/needed-secrets.ts';
import { readSecrets } from '../../shared/inbound/secrets.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';
import type { Environment } from './settings-checks.ts';

/**
 * The secrets of every other function than `attach`, as far as they are known here: whoever looks need not
 * have them all, and a function that answers has them.
 */
export function checkOtherSecrets(policy: Policy, env: Environment): Finding[] {
  const { attach: _, ...others } = secretsByFunction(policy);
  return Object.entries(others).flatMap(([name, names]) => {
    const check = `secrets of ${name}`;
    const variables = variablesOf(names);
    if (variables.length === 0) return [];
    const unknown = new Set(variables.filter((variable) => (env[variable] ?? '') === ''));
    const found: Finding[] = [];
    readSecrets(env, names, (variable, detail) => {
      if (unknown.has(variable)) return;
      found.push(fault(check, `${variable} ${detail}`, `export ${variable}=…, and npm run deploy`));
    });
    if (unknown.size > 0) {
      found.push(
        skipped(check, `not looked at, for they are not set here: ${[...unknown].join(', ')}`),
      );
    }
    return found.length === 0 ? [ok(check)] : found;
  });
}
