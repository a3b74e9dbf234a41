import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import budgets from '../../bench/budgets.json' with { type: 'json' };
import type { Policy } from '../../shared/domain/model/policy.ts';
import { wholeKeySets } from '../../shared/inbound/console/jwt-keys.ts';
import { secretsByFunction } from '../../shared/inbound/needed-secrets.ts';
import { readSecrets } from '../../shared/inbound/secrets.ts';
import type { Built } from '../build.ts';
import { templateText } from '../template.ts';

/** One line for each fault; empty when there is none. */
export type Faults = readonly string[];

/** `latchkey.ros.yaml` must be what `npm run template` would write now. Otherwise the stack belongs to another policy. */
export function templateFaults(root: string): Faults {
  const path = join('deploy', 'latchkey.ros.yaml');
  if (readFileSync(join(root, path), 'utf8') === templateText(root)) return [];
  return [
    `"${path}" does not match the policy: run npm run template, and update the stack with it`,
  ];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The faults that each function would find at its start. A line names the variable and the rule, never a value. */
export function secretFaults(policy: Policy, env: Environment): Faults {
  const faults = Object.entries(secretsByFunction(policy)).flatMap(([name, names]) => {
    const lines: string[] = [];
    readSecrets(env, wholeKeySets(names), (variable, detail) => {
      lines.push(`${variable} ${detail} (function ${name})`);
    });
    return lines;
  });
  return [...new Set(faults)];
}

type Budget = { readonly bytes: number; readonly codeBytes: number };

/** Files that are larger than bench/budgets.json allows make a function start more slowly. */
export function sizeFaults(built: readonly Built[]): Faults {
  const all: Readonly<Record<string, Readonly<Record<string, Budget>>>> = budgets;
  return built.flatMap(({ name, files }) =>
    files.flatMap((file) => {
      const budget = all[name]?.[basename(file.path)];
      const title = `${name}/${basename(file.path)}`;
      if (budget === undefined) return [`${title} has no budget in bench/budgets.json`];
      return (['bytes', 'codeBytes'] as const)
        .filter((what) => file[what] > budget[what])
        .map((what) => `${title} has ${file[what]} ${what}, its budget is ${budget[what]}`);
    }),
  );
}
