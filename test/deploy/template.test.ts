import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, test } from 'vitest';
import { parse } from 'yaml';
import { TABLES } from '../../shared/outbound/store/tables.ts';
import { TEMPLATE, templateText } from '../../tools/template.ts';
import { alarmsFor } from '../../tools/template/alarms.ts';
import { MESSAGE_FIELDS, RUN_FIELDS } from '../../tools/template/log-index.ts';
import { forKeyPairs, listed, readPolicies } from '../../tools/template/policies.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

type Json = Readonly<Record<string, unknown>>;
interface Template {
  readonly ROSTemplateFormatVersion: string;
  readonly Parameters: Readonly<Record<string, Json>>;
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly DependsOn?: string; readonly Properties: Json }
    >
  >;
  readonly Outputs: Json;
}

let template: Template;
const of = (type: string) =>
  Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

beforeAll(() => {
  template = parse(readFileSync(TEMPLATE, 'utf8')) as Template;
});

/** Every value under one of the keys, however deep. */
function valuesUnder(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    ...(name === key ? [inner] : []),
    ...valuesUnder(key, inner),
  ]);
}

test('the template is what npm run template makes now', ({ expect }) => {
  expect(readFileSync(TEMPLATE, 'utf8')).toBe(templateText());
});

test('it is read the same by readers of YAML 1.1, whose dates and booleans are others', ({
  expect,
}) => {
  const text = readFileSync(TEMPLATE, 'utf8');
  expect(parse(text, { version: '1.1' })).toEqual(parse(text));
  expect(template.ROSTemplateFormatVersion).toBe('2015-09-01');
});

// https://www.alibabacloud.com/help/en/ros/user-guide/pseudo-parameters
const PSEUDO = ['ALIYUN::Region', 'ALIYUN::TenantId'];

test('whatever it refers to is there', ({ expect }) => {
  const names = [
    ...Object.keys(template.Parameters),
    ...Object.keys(template.Resources),
    ...PSEUDO,
  ];
  const refs = valuesUnder('Ref', template) as string[];
  const got = (valuesUnder('Fn::GetAtt', template) as [string, string][]).map(([name]) => name);
  const depends = Object.values(template.Resources).flatMap(({ DependsOn = [] }) => DependsOn);
  const subs = (valuesUnder('Fn::Sub', template) as string[]).flatMap((text) =>
    [...text.matchAll(/\$\{([^}]+)\}/g)].map(([, name]) => name!),
  );
  for (const name of [...refs, ...got, ...depends, ...subs]) expect(names).toContain(name);
  for (const name of Object.keys(template.Parameters)) expect([...refs, ...subs]).toContain(name);
});

test('logical ids are letters and digits, and each is another', ({ expect }) => {
  for (const name of Object.keys(template.Resources))
    expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
});

test('there is a queue for each that s.yaml names, and a table for each of the store', ({
  expect,
}) => {
  const { vars } = parse(read('s.yaml')) as { vars: Record<string, string> };
  const queues = [vars['queue'], vars['chatQueue'], vars['deadLetterQueue']];
  expect(of('ALIYUN::MNS::Queue').map(({ QueueName }) => QueueName)).toEqual(queues);
  const tables = of('ALIYUN::OTS::Table').map(({ TableName, PrimaryKey, TimeToLive }) => ({
    name: TableName,
    primaryKey: (PrimaryKey as { Name: string; Type: string }[]).map(({ Name, Type }) => ({
      name: Name,
      type: Type,
    })),
    timeToLiveSeconds: TimeToLive,
  }));
  expect(tables).toEqual(TABLES);
  expect(template.Parameters['StoreInstanceName']!['Default']).toBe(vars['tablestoreInstance']);
});

test('there is a role for each that s.yaml names, with the policy of docs/permissions.md', ({
  expect,
}) => {
  const roles = of('ALIYUN::RAM::Role');
  const named = new Set([...read('s.yaml').matchAll(/:role\/([\w-]+)/g)].map(([, name]) => name!));
  expect(roles.map(({ RoleName }) => String(RoleName)).toSorted()).toEqual([...named].toSorted());

  const actions = (statements: readonly { Action: string | readonly string[] }[]) =>
    statements.map(({ Action }) => listed(Action));
  for (const { role, statements } of readPolicies(join(ROOT, 'docs/permissions.md'))) {
    const { Policies } = roles.find(({ RoleName }) => RoleName === role) as {
      Policies: { PolicyDocument: { Statement: { Action: string | string[] }[] } }[];
    } & Json;
    expect(actions(Policies[0]!.PolicyDocument.Statement), role).toEqual(actions(statements));
  }
  // Nothing of the page's own region and account is left.
  expect(JSON.stringify(roles)).not.toMatch(/cn-hangzhou|1000000000000000/);
});

test('only EventBridge and Function Compute may assume a role', ({ expect }) => {
  for (const { RoleName, AssumeRolePolicyDocument } of of('ALIYUN::RAM::Role')) {
    const services = valuesUnder('Service', AssumeRolePolicyDocument).flat();
    expect(services, String(RoleName)).toEqual(
      RoleName === 'latchkey-trigger'
        ? ['eventbridge.aliyuncs.com', 'fc.aliyuncs.com']
        : ['fc.aliyuncs.com'],
    );
  }
});

test('a policy has a line for each key pair, and nothing else changes', ({ expect }) => {
  const policies = readPolicies(join(ROOT, 'docs/permissions.md'));
  const both = JSON.stringify(forKeyPairs(policies, ['a', 'b']));
  expect(both).toContain(':keypair/a","acs:ecs');
  expect(both).toContain(':keypair/b"');
  expect(both).not.toContain(':keypair/ops-2026');
  const roles = (text: string) => [...text.matchAll(/table\/\w+/g)].map(([table]) => table);
  expect(roles(both)).toEqual(roles(JSON.stringify(policies)));
});

test('logs go where the alarms look', ({ expect }) => {
  const [project] = of('ALIYUN::SLS::Project');
  const [store] = of('ALIYUN::SLS::Logstore');
  expect(project!['Name']).toEqual({ 'Fn::Sub': 'latchkey-${ALIYUN::TenantId}' });
  const configs = [...read('s.yaml').matchAll(/logConfig:\n +project: (.+)\n +logstore: (.+)\n/g)];
  expect(configs).toHaveLength(5);
  for (const [, name, logstore] of configs) {
    expect(name).toBe("latchkey-${config('AccountID')}");
    expect(logstore).toBe(store!['LogstoreName']);
  }
  for (const { Project } of of('ALIYUN::SLS::Alert')) expect(Project).toEqual(project!['Name']);
});

test('every field that an alarm or a chart asks for is indexed', ({ expect }) => {
  const known = new Set([
    ...Object.keys(MESSAGE_FIELDS).map((name) => `message.${name}`),
    ...Object.keys(RUN_FIELDS),
  ]);
  const queries = [
    ...valuesUnder('Query', template),
    ...valuesUnder('query', template),
  ] as string[];
  expect(queries.length).toBeGreaterThan(15);
  for (const query of queries) {
    const fields = [
      ...query.matchAll(/([A-Za-z_][\w.]*)(?:: | (?:>|>=|<) \d)/g),
      ...query.matchAll(/"(message\.[\w.]+)"/g),
    ].map(([, name]) => name!);
    expect(fields.length, query).toBeGreaterThan(0);
    for (const field of fields) expect(known, query).toContain(field);
  }
});

test('an alarm says where to read on, and fits into what the service takes', ({ expect }) => {
  const details = of('ALIYUN::SLS::Alert').map(({ Detail }) => Detail as Json);
  expect(details).toHaveLength(alarmsFor(new Map()).length);
  for (const { Name, DisplayName, Description } of details) {
    expect(Description).toBe(`What to do: docs/runbook.md, "${String(Name)}"`);
    // 1 to 64 characters: https://help.aliyun.com/en/ros/developer-reference/aliyun-sls-alert
    expect(String(DisplayName).length).toBeLessThanOrEqual(64);
  }
});

test('the alarm for duration knows each function and its time limit', ({ expect }) => {
  const { search } = alarmsFor(new Map([['latchkey-x', 120]])).find(
    ({ name }) => name === 'latchkey-duration',
  )!;
  expect(search).toBe('(functionName: "latchkey-x" and durationMs > 96000)');
  const queries = (valuesUnder('Query', template) as string[]).join('\n');
  for (const name of ['attach', 'launch', 'restart', 'chat', 'messenger']) {
    expect(queries).toMatch(new RegExp(`functionName: "latchkey-${name}" and durationMs > \\d{5}`));
  }
});
