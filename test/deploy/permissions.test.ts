import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'vitest';
import { TABLES } from '../../shared/outbound/store/tables.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(resolve(ROOT, file), 'utf8');

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
}

/** The policies of docs/permissions.md, by the heading that each stands under. */
function policies(): Map<string, readonly Statement[]> {
  const sections = read('docs/permissions.md').split(/^## /m).slice(1);
  return new Map(
    sections.flatMap((section) => {
      const role = /^`([a-z-]+)`/.exec(section)?.[1];
      const json = /```json\n(.*?)```/s.exec(section)?.[1];
      if (role === undefined || json === undefined) return [];
      const { Statement: statements } = JSON.parse(json) as { Statement: readonly Statement[] };
      return [[role, statements] as const];
    }),
  );
}

const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

function actionsOf(role: string, service: string): string[] {
  return (policies().get(role) ?? [])
    .flatMap(({ Action }) => listed(Action))
    .filter((action) => action.startsWith(`${service}:`))
    .map((action) => action.slice(service.length + 1))
    .toSorted();
}

test('every role of s.yaml has its policy, and no other is granted', ({ expect }) => {
  const named = new Set([...read('s.yaml').matchAll(/:role\/([\w-]+)/g)].map((match) => match[1]!));
  expect([...policies().keys()].toSorted()).toEqual([...named].toSorted());
});

test('no action and no resource is a wildcard where it can be named', ({ expect }) => {
  for (const [role, statements] of policies()) {
    for (const { Action, Resource } of statements) {
      for (const action of listed(Action)) expect(action, role).toMatch(/^[a-z]+:[A-Za-z]+$/);
      expect(listed(Resource), role).not.toEqual([]);
      for (const resource of listed(Resource)) {
        expect(resource, role).toMatch(/^acs:(ecs|fc|mns|ots):cn-hangzhou:1000000000000000:[^*]+/);
        if (resource.includes('*')) expect(resource, role).toMatch(/:instance\/\*$/);
      }
    }
  }
});

test('only restart may restart, by the plural actions', ({ expect }) => {
  const attaching = ['AttachKeyPair', 'DescribeInstances', 'DescribeKeyPairs'];
  expect(actionsOf('latchkey-attach', 'ecs')).toEqual([...attaching, 'DetachKeyPair']);
  for (const role of ['latchkey-launch', 'latchkey-chat', 'latchkey-messenger']) {
    expect(actionsOf(role, 'ecs'), role).toEqual([]);
  }
  expect(actionsOf('latchkey-restart', 'ecs')).toEqual([
    ...attaching,
    'DetachKeyPair',
    'RebootInstances',
    'StartInstances',
  ]);
  expect(actionsOf('latchkey-trigger', 'ecs')).toEqual([]);
});

test('launch may do nothing but fill the queue', ({ expect }) => {
  expect(policies().get('latchkey-launch')).toMatchObject([{ Action: 'mns:SendMessage' }]);
});

test('chat and messenger write no rollout', ({ expect }) => {
  for (const role of ['latchkey-chat', 'latchkey-messenger']) {
    const onRollouts = (policies().get(role) ?? [])
      .filter(({ Resource }) =>
        listed(Resource).some((one) => /table\/(rollouts|index)$/.test(one)),
      )
      .flatMap(({ Action }) => listed(Action));
    expect(
      onRollouts.filter((action) => !/^ots:Get(?:Row|Range)$/.test(action)),
      role,
    ).toEqual([]);
  }
});

test('what is granted of ECS is what our client calls', ({ expect }) => {
  const called = [...read('shared/outbound/ecs/client.ts').matchAll(/^ {2}\| '(\w+)'/gm)];
  const granted = new Set([...policies().keys()].flatMap((role) => actionsOf(role, 'ecs')));
  expect([...granted].toSorted()).toEqual(called.map(([, name]) => name!).toSorted());
});

test('what is granted of Tablestore is what our store calls', ({ expect }) => {
  const folder = 'shared/outbound/store';
  const text = readdirSync(resolve(ROOT, folder))
    .map((file) => read(`${folder}/${file}`))
    .join('');
  const inCapitals = (name: string) => `${name[0]!.toUpperCase()}${name.slice(1)}`;
  const called = [...text.matchAll(/\bclient\.(\w*Row|getRange)\(/g)]
    .map(([, name]) => inCapitals(name!))
    .filter((name) => name !== 'WriteRow');
  // `writeRow` takes the kind of the write.
  const written = [...text.matchAll(/kind: '(put|update|delete)'/g)].map(
    ([, kind]) => `${inCapitals(kind!)}Row`,
  );
  const granted = new Set([...policies().keys()].flatMap((role) => actionsOf(role, 'ots')));
  expect([...granted].toSorted()).toEqual([...new Set([...called, ...written])].toSorted());
});

test('the tables and queues granted are those of s.yaml and the store', ({ expect }) => {
  const resources = [...policies().values()]
    .flat()
    .flatMap(({ Resource }) => listed(Resource))
    .map((resource) => resource.split(':').slice(4).join(':'));
  const last = (prefix: string) =>
    new Set(resources.filter((r) => r.startsWith(prefix)).map((r) => r.slice(prefix.length)));

  expect([...last('instance/latchkey/table/')].toSorted()).toEqual(
    TABLES.map(({ name }) => name).toSorted(),
  );
  for (const queue of last('/queues/')) {
    expect(read('s.yaml')).toContain(`: ${queue.replace('/messages', '')}\n`);
  }
});

test('the global stop is set by attach and chat, read by restart, and not seen by others', ({
  expect,
}) => {
  const onInstances = (role: string) =>
    (policies().get(role) ?? [])
      .filter(({ Resource }) => listed(Resource).some((one) => one.endsWith('table/instances')))
      .flatMap(({ Action }) => listed(Action))
      .filter((action) => /^ots:(?:Get|Put|Delete)Row$/.test(action));
  expect(onInstances('latchkey-attach')).toEqual(['ots:DeleteRow', 'ots:GetRow', 'ots:PutRow']);
  expect(onInstances('latchkey-chat')).toEqual(['ots:DeleteRow', 'ots:GetRow', 'ots:PutRow']);
  expect(onInstances('latchkey-restart')).toEqual(['ots:GetRow']);
  expect(onInstances('latchkey-launch')).toEqual([]);
  expect(onInstances('latchkey-messenger')).toEqual([]);
});
