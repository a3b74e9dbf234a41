import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'vitest';
import { parse } from 'yaml';
import { grantsOf } from './support/grants.ts';

const file = (name: string) => readFileSync(resolve(import.meta.dirname, '..', name), 'utf8');
const picture = file('docs/architecture.svg');

interface Trigger {
  readonly triggerType: 'http' | 'eventbridge' | 'timer';
  readonly triggerConfig: {
    readonly eventSourceConfig?: {
      readonly eventSourceType: string;
      readonly eventSourceParameters: {
        readonly sourceMNSParameters?: { readonly QueueName: string };
      };
    };
  };
}

const { resources, vars } = parse(file('s.yaml')) as {
  readonly vars: Readonly<Record<string, string>>;
  readonly resources: Readonly<
    Record<string, { readonly props: { readonly triggers: readonly Trigger[] } }>
  >;
};
const FUNCTIONS = Object.keys(resources);

/** What no file lists: who knocks at an HTTP trigger, and whom the functions call outside of the account. */
const OUTSIDE = [
  'webhook>attach',
  'cli>attach',
  'console>attach',
  'platforms>chat',
  'messenger>platforms',
  'restart>gate',
];

test('the picture of the architecture has the triggers of s.yaml and the grants of the roles', ({
  expect,
}) => {
  const wanted = new Set([
    ...OUTSIDE,
    ...FUNCTIONS.flatMap(triggersOf),
    ...FUNCTIONS.flatMap(callsOf),
  ]);
  const drawn = [...picture.matchAll(/data-edge="([^"]+)"/g)].map(([, edge]) => edge!);
  expect(drawn.toSorted()).toEqual([...wanted].toSorted());
});

test('each arrow of the picture is between two boxes that are there', ({ expect }) => {
  const boxes = [...picture.matchAll(/<g id="([^"]+)"/g)].map(([, id]) => id);
  for (const [, edge] of picture.matchAll(/data-edge="([^"]+)"/g))
    for (const end of edge!.split('>')) expect(boxes, edge).toContain(end);
});

test('the picture says which functions use Tablestore', ({ expect }) => {
  const box = /<g id="tablestore">.*/.exec(picture)![0].replace(/<[^>]+>/g, ' ');
  for (const name of FUNCTIONS) {
    const isUser = grantsOf(`latchkey-${name}`).some((grant) => grant.startsWith('ots:'));
    expect(new RegExp(`\\b${name}\\b`).test(box), name).toBe(isUser);
  }
});

function triggersOf(name: string): string[] {
  return resources[name]!.props.triggers.flatMap(({ triggerType, triggerConfig }) => {
    switch (triggerType) {
      case 'http':
        return [];
      case 'timer':
        return [`timer>${name}`];
      case 'eventbridge': {
        const { sourceMNSParameters } =
          triggerConfig.eventSourceConfig?.eventSourceParameters ?? {};
        if (sourceMNSParameters === undefined) return [`eventbridge>${name}`];
        const queue = sourceMNSParameters.QueueName.replace(
          /\$\{vars\.(\w+)\}/,
          (_, key) => vars[key]!,
        );
        return [`${queue}>${name}`];
      }
    }
  });
}

/** The dead-letter queue is drawn as a whole, for all who put something into it. */
function callsOf(name: string): string[] {
  return grantsOf(`latchkey-${name}`).flatMap((grant) => {
    if (grant.startsWith('ecs:')) return [`${name}>ecs`];
    const queue = /^mns:SendMessage \/queues\/([^/]+)\//.exec(grant)?.[1];
    return queue === undefined || queue === vars['deadLetterQueue'] ? [] : [`${name}>${queue}`];
  });
}
