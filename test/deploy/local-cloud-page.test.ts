import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'vitest';
import { readLaunch } from '../../local/cloud/control/read-launch.ts';
import { createEcs, type FleetSeed, type LaunchCall } from '../../local/cloud/ecs/index.ts';
import { virtualClock } from '../../local/cloud/kernel/clock.ts';
import type { FaultKind } from '../../local/cloud/kernel/faults.ts';
import { createKernel, type Kernel } from '../../local/cloud/kernel/kernel.ts';
import { settingsWith } from '../../local/cloud/kernel/settings.ts';
import { createEventBridge } from '../../local/cloud/eventbridge/index.ts';
import { createSmq } from '../../local/cloud/smq/index.ts';
import { createTablestore } from '../../local/cloud/tablestore/index.ts';

/** docs/local-cloud.md is tried, not only read. */
const page = readFileSync(resolve(import.meta.dirname, '../../docs/local-cloud.md'), 'utf8');

const KINDS: Readonly<Record<FaultKind['kind'], true>> = {
  throttle: true,
  error: true,
  reset: true,
  silence: true,
  late: true,
  html502: true,
  malformed: true,
  empty: true,
  'leave-out': true,
  'instance-failure': true,
  duplicate: true,
  reorder: true,
  delay: true,
  scatter: true,
  kill: true,
};

function aCloud(): { readonly kernel: Kernel; readonly ecs: ReturnType<typeof createEcs> } {
  const kernel = createKernel({ settings: settingsWith({}), clock: virtualClock(0) });
  const ecs = createEcs(kernel);
  const smq = createSmq(kernel);
  const services = [
    ecs.service,
    smq.service,
    createTablestore(kernel).service,
    createEventBridge(kernel, smq).service,
  ];
  for (const { name, actions } of services) kernel.faults.register(name, [...actions, 'Deliver']);
  return { kernel, ecs };
}

test('the page shows every kind of fault, by an example that is taken', ({ expect }) => {
  const { kernel } = aCloud();
  const examples = [...page.matchAll(/^\|.*`(\{"service".*\})`\s*\|$/gm)].map(
    ([, json]) => JSON.parse(json!) as { kind: string },
  );
  expect(examples.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(KINDS).toSorted());
  expect(() => kernel.faults.replace(examples)).not.toThrow();
});

test('the seed that the page shows can be planted', ({ expect }) => {
  const json = /## Seed\n+```json\n(.*?)```/s.exec(page)?.[1];
  const { instanceIds } = aCloud().ecs.seed(JSON.parse(json!) as FleetSeed);
  expect(instanceIds).toHaveLength(106);
});

test('the launch that the page shows is taken', ({ expect }) => {
  const json = /\/launch -d '(.*?)'\n```/s.exec(page)?.[1];
  const launch = readLaunch(JSON.parse(json!)) as LaunchCall;
  expect(aCloud().ecs.launch(launch).instanceIds).toHaveLength(2);
});
