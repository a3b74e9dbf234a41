import type { Policy } from '../../shared/domain/model/policy.ts';
import { secretsByFunction, variablesOf } from '../../shared/inbound/needed-secrets.ts';
import { readSecrets } from '../../shared/inbound/secrets.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';
import type { Environment } from './settings-checks.ts';

/**
 * Checks the secrets of every function except `attach`, as far as they are set here. Missing ones are no
 * fault: the user need not have them, and a function that answers has its own.
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
      found.push(skipped(check, `not checked, because not set here: ${[...unknown].join(', ')}`));
    }
    return found.length === 0 ? [ok(check)] : found;
  });
}
