/**
 * `npm run template`: writes deploy/latchkey.ros.yaml from docs/permissions.md, s.yaml, policy.json, the tables
 * of the store, and the alarms and charts in tools/template/.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, stringify } from 'yaml';
import { readServerlessYaml } from '../local/cloud/fc/configuration/read-s-yaml.ts';
import type { Policy } from '../shared/domain/policy.ts';
import { readPolicy } from './policy/read-policy.ts';
import { alarmsFor } from './template/alarms.ts';
import { forKeyPairs, readPolicies } from './template/policies.ts';
import { rosTemplate } from './template/ros-template.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
export const TEMPLATE = join(ROOT, 'deploy', 'latchkey.ros.yaml');

const HEAD = `# Made by npm run template: change docs/permissions.md, policy.json or tools/template/, not this.
# What it is for, and how it is used: docs/deploy.md
`;

/** Every key pair that somebody may have bound. */
function keyPairNamesIn({ clients, people, launch }: Policy): string[] {
  const grants = [...clients, ...people.map(({ rule }) => rule)];
  const names = [
    ...grants.flatMap(({ keyPairs }) => keyPairs.map(({ name }) => name)),
    ...launch.map(({ keyPairName }) => keyPairName),
  ];
  return [...new Set(names)].toSorted();
}

/** @throws {LatchkeyError} for a policy that is not taken */
export function templateText(root: string = ROOT): string {
  const policies = readPolicies(join(root, 'docs', 'permissions.md'));
  const sYamlPath = join(root, 's.yaml');
  const { vars } = parse(readFileSync(sYamlPath, 'utf8')) as {
    readonly vars: Readonly<Record<string, string>>;
  };
  // Secrets and the account are of no interest here.
  const env = { WEBHOOK_SECRETS: '' };
  const functions = readServerlessYaml({ sYamlPath, env, config: { AccountID: '1' } });
  const template = rosTemplate({
    policies: forKeyPairs(policies, keyPairNamesIn(readPolicy(join(root, 'policy.json')))),
    queueNames: [vars['queue']!, vars['chatQueue']!, vars['deadLetterQueue']!],
    alarms: alarmsFor(new Map(functions.map((one) => [one.functionName, one.timeoutSec]))),
  });
  // A list that stands in two places is written twice: ROS takes no anchors. As YAML 1.1, so that nothing is
  // read as a date or as yes and no, whoever reads it.
  const text = stringify(template, { aliasDuplicateObjects: false, lineWidth: 0, version: '1.1' });
  return `${HEAD}${text}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(dirname(TEMPLATE), { recursive: true });
  writeFileSync(TEMPLATE, templateText());
  console.log('wrote deploy/latchkey.ros.yaml');
}
