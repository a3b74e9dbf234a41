import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Policy } from '../../shared/domain/model/policy.ts';
import { readEnvironment, type Settings } from '../../shared/inbound/environment.ts';
import { secretsByFunction, variablesOf } from '../../shared/inbound/needed-secrets.ts';
import { parsePolicy } from '../../shared/policy-file/parse-policy.ts';
import { readSecrets, type SecretNames } from '../../shared/inbound/secrets.ts';
import { readStrictJson } from '../../shared/contract/read-strict-json.ts';
import { pointerOf } from '../../shared/lib/pointer.ts';
import { count } from '../show/text.ts';
import { fault, type Finding, ok, skipped } from './finding.ts';

/** Adds to `found`. @returns undefined when there is a fault */
export function checkPolicy(text: Buffer, found: Finding[]): Policy | undefined {
  const check = 'policy';
  try {
    const policy = parsePolicy(readStrictJson(text, 'policy.json'));
    const { clients, launch, people } = policy;
    const persons = `${people.length} ${people.length === 1 ? 'person' : 'people'}`;
    const detail = `${count(clients.length, 'client')}, ${persons}, ${count(launch.length, 'launch rule')}`;
    found.push(ok(check, detail));
    return policy;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const lines = error.details.faults?.map(
      ({ path, detail }) => `"${pointerOf(path)}": ${detail}`,
    );
    const mend = 'correct policy.json: npm run policy -- check';
    const all = lines === undefined || lines.length === 0 ? [error.message] : lines;
    found.push(...all.map((line) => fault(check, line, mend)));
    return undefined;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Checks the settings and the named secrets, as the function reads them at its start. Adds to `found`.
 *
 * @returns undefined when there is a fault
 */
export function checkEnvironment(
  env: Environment,
  accountId: string,
  secretNames: SecretNames,
  found: Finding[],
): Settings | undefined {
  try {
    const settings = readEnvironment(env, { accountId, secretNames });
    found.push(ok('settings'), ok('secrets of attach'));
    return settings;
  } catch (error) {
    if (!(error instanceof LatchkeyError)) throw error;
    const variables = new Set(variablesOf({ ...secretNames, keySets: [] }));
    for (const { path, detail } of error.details.faults ?? []) {
      const name = path.join('');
      const [check, mend] = variables.has(name)
        ? ['secrets of attach', `export ${name}="whsec_$(openssl rand -base64 32)"`]
        : ['settings', `export ${name}=…, here and in s.yaml`];
      found.push(fault(check, `${name} ${detail}`, mend));
    }
    return undefined;
  }
}

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
