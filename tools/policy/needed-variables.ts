import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Policy } from '../../shared/domain/model/policy.ts';
import { fieldsOf } from '../../shared/lib/json-fields.ts';
import { secretsByFunction, variablesOf } from '../../shared/inbound/needed-secrets.ts';

/** The environment variables with secrets or keys, by the function that does not start without them. */
export function neededVariables(policy: Policy): Readonly<Record<string, string[]>> {
  return Object.fromEntries(
    Object.entries(secretsByFunction(policy)).map(([name, names]) => [name, variablesOf(names)]),
  );
}

/** What `s.yaml` does not set of it; [] when there is no such file. */
export function missingIn(sYamlPath: string, policy: Policy): string[] {
  if (!existsSync(sYamlPath)) return [];
  const { resources } = fieldsOf(parse(readFileSync(sYamlPath, 'utf8')));
  return Object.entries(neededVariables(policy)).flatMap(([name, variables]) => {
    const { props } = fieldsOf(fieldsOf(resources)[name]);
    const set = fieldsOf(fieldsOf(props)['environmentVariables']);
    return variables
      .filter((variable) => !Object.hasOwn(set, variable))
      .map((variable) => `"${variable}" is missing in s.yaml: function "${name}" needs it`);
  });
}
