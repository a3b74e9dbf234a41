import { test } from 'vitest';
import { aBus, anEvent, aRule } from './a-bus.ts';

const LAUNCHES = {
  source: ['acs.ecs'],
  type: ['ecs:ActionTrail:ApiCall', 'ecs:ActionTrail:ConsoleOperation'],
  data: { eventName: ['RunInstances', 'CreateInstance'], errorCode: [{ exists: false }] },
};

test('an event goes to every rule that matches it, after the delay', async ({ expect }) => {
  const bus = aBus({ eventbridge: { deliveryDelayMs: 70 } });
  bus.bridge.addRule(aRule({ pattern: LAUNCHES }));
  bus.bridge.addRule(aRule({ name: 'all', functionName: 'audit' }));
  const launched = anEvent({
    type: 'ecs:ActionTrail:ApiCall',
    data: { eventName: 'RunInstances' },
  });
  const failed = anEvent({
    type: 'ecs:ActionTrail:ApiCall',
    data: { eventName: 'RunInstances', errorCode: 'QuotaExceeded' },
  });
  bus.kernel.publish(launched);
  bus.kernel.publish(failed);
  await bus.pass(69);
  expect(bus.invocations).toEqual([]);
  await bus.runUntilIdle();
  expect(
    bus.invocations.map(({ functionName, type, payload, atMs }) => [
      functionName,
      type,
      payload,
      atMs,
    ]),
  ).toEqual([
    ['launch', 'Sync', launched, 70],
    ['audit', 'Sync', launched, 70],
    ['audit', 'Sync', failed, 70],
  ]);
  expect(bus.bridge.state()).toMatchObject({ rules: [{ delivered: 1 }, { delivered: 2 }] });
});

test('a later change of the published object changes no delivery', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  const data = { state: 'Created' };
  bus.kernel.publish(anEvent({ data }));
  data.state = 'Deleted';
  await bus.runUntilIdle();
  expect(bus.invocations[0]?.payload).toMatchObject({ data: { state: 'Created' } });
});

test('RawData is what is under data', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule({ eventSchema: 'RawData' }));
  bus.kernel.publish(anEvent({ data: { a: 1 } }));
  const { data: _, ...withoutData } = anEvent();
  bus.kernel.publish(withoutData as typeof withoutData & { specversion: '1.0' });
  await bus.runUntilIdle();
  expect(bus.invocations.map(({ text }) => text)).toEqual(['{"a":1}', 'null']);
});

const FAILURES = [
  ['404', { status: 404 }],
  ['429', { status: 429 }],
  ['503', { status: 503 }],
  ['a function error', { errorType: 'UnhandledInvocationError' }],
] as const;

for (const [what, answer] of FAILURES) {
  test(`after ${what} the event is tried again three times, 10 to 20 s apart`, async ({
    expect,
  }) => {
    const bus = aBus({ eventbridge: { deliveryDelayMs: 0 } });
    bus.bridge.addRule(aRule());
    bus.answer = () => answer;
    bus.kernel.publish(anEvent());
    await bus.runUntilIdle();
    const times = bus.invocations.map(({ atMs }) => atMs);
    expect(times).toHaveLength(4);
    const pauses = times.slice(1).map((atMs, index) => atMs - times[index]!);
    for (const ms of pauses) {
      expect(ms).toBeGreaterThanOrEqual(10_000);
      expect(ms).toBeLessThan(20_000);
    }
    expect(new Set(pauses).size).toBeGreaterThan(1);
    expect(bus.bridge.state()).toMatchObject({
      rules: [{ delivered: 0, failedAttempts: 4, deadLettered: 0, discarded: 1 }],
    });
  });
}

test('a broken connection to Function Compute is a failure like the others', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.answer = (number) => (number === 0 ? Promise.reject(new Error('reset')) : {});
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.bridge.state()).toMatchObject({ rules: [{ delivered: 1, failedAttempts: 1 }] });
});

test('a function error is no failure when the setting says so', async ({ expect }) => {
  const bus = aBus({ eventbridge: { functionErrorFails: false } });
  bus.bridge.addRule(aRule());
  bus.answer = () => ({ errorType: 'HandledInvocationError' });
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations).toHaveLength(1);
  expect(bus.bridge.state()).toMatchObject({ rules: [{ delivered: 1 }] });
});

test('an asynchronous delivery is done when it is accepted', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule({ asyncInvocation: true }));
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations).toMatchObject([{ type: 'Async' }]);
  expect(bus.bridge.state()).toMatchObject({ rules: [{ delivered: 1 }] });
});

test('EXPONENTIAL_DECAY_RETRY goes on for a day, and the pauses can be shortened', async ({
  expect,
}) => {
  const bus = aBus({ eventbridge: { deliveryDelayMs: 0, retryPauseFactor: 0.01 } });
  bus.bridge.addRule(aRule({ retry: 'EXPONENTIAL_DECAY_RETRY' }));
  bus.answer = () => ({ status: 500 });
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations).toHaveLength(177);
  expect(bus.invocations.slice(0, 5).map(({ atMs }) => atMs)).toEqual([0, 10, 30, 70, 150]);
});

test('what cannot be delivered goes to the dead-letter queue as it was', async ({ expect }) => {
  const bus = aBus();
  bus.smq.createQueue('dead');
  bus.bridge.addRule(aRule({ deadLetterQueue: 'dead', eventSchema: 'RawData' }));
  bus.answer = () => ({ status: 500 });
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  const [dead] = bus.smq.receive('dead', 16);
  expect(JSON.parse(dead!.body)).toEqual(anEvent());
  expect(bus.bridge.state()).toMatchObject({ rules: [{ deadLettered: 1, discarded: 0 }] });
});

test('an event too large for a message, or without its queue, is lost', async ({ expect }) => {
  const bus = aBus();
  bus.smq.createQueue('dead');
  bus.bridge.addRule(aRule({ deadLetterQueue: 'dead' }));
  bus.bridge.addRule(aRule({ name: 'other', deadLetterQueue: 'none' }));
  bus.answer = () => ({ status: 500 });
  bus.kernel.publish(anEvent({ data: 'x'.repeat(70_000) }));
  await bus.runUntilIdle();
  expect(bus.smq.receive('dead', 16)).toEqual([]);
  expect(bus.bridge.state()).toMatchObject({ rules: [{ discarded: 1 }, { discarded: 1 }] });
});

test('the function is looked up at each delivery', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  const { functions } = bus.kernel;
  bus.kernel.functions = { invoke: () => Promise.reject(new Error('not yet')) };
  bus.kernel.publish(anEvent());
  await bus.pass(1_000);
  bus.kernel.functions = functions;
  await bus.runUntilIdle();
  expect(bus.invocations).toHaveLength(1);
});

test('a stopped bus delivers and retries nothing more', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.answer = () => ({ status: 500 });
  bus.kernel.publish(anEvent());
  await bus.pass(50);
  expect(bus.bridge.idle()).toBe(false);
  bus.kernel.publish(anEvent());
  bus.bridge.stop();
  expect(bus.bridge.idle()).toBe(true);
  await bus.pass(100_000);
  expect(bus.invocations).toHaveLength(1);
});

test('a stopped bus does not let go of a held event either', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.kernel.faults.replace(fault({ kind: 'reorder' }));
  bus.kernel.publish(anEvent());
  bus.kernel.publish(anEvent());
  let finish: (() => void) | undefined;
  bus.answer = () => new Promise((resolve) => (finish = () => resolve({})));
  await bus.pass(50);
  bus.bridge.stop();
  finish?.();
  await bus.pass(10_000);
  expect(bus.invocations).toHaveLength(1);
});

const fault = (kind: Record<string, unknown>) => [
  { service: 'eventbridge', action: 'Deliver', function: 'launch', ...kind },
];
const ids = (bus: ReturnType<typeof aBus>) =>
  bus.invocations.map(({ payload }) => (payload as { id: string }).id);

test('a duplicated event comes as often as ordered, to that function only', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.bridge.addRule(aRule({ name: 'other', functionName: 'audit' }));
  bus.kernel.faults.replace(fault({ kind: 'duplicate', copies: 3 }));
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations.map(({ functionName }) => functionName).toSorted()).toEqual([
    'audit',
    'launch',
    'launch',
    'launch',
  ]);
});

test('a fault of one trigger leaves the others alone', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule({ name: 'trail' }));
  bus.bridge.addRule(aRule({ name: 'created', functionName: 'audit' }));
  bus.kernel.faults.replace([
    { service: 'eventbridge', action: 'Deliver', trigger: 'trail', kind: 'delay', delayMs: 900 },
  ]);
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations).toMatchObject([
    { functionName: 'audit', atMs: 50 },
    { functionName: 'launch', atMs: 950 },
  ]);
});

test('a reordered event is overtaken by the next one', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.kernel.faults.replace(fault({ kind: 'reorder' }));
  bus.kernel.publish(anEvent({ id: 'first' }));
  await bus.pass(1_000);
  bus.kernel.publish(anEvent({ id: 'second' }));
  await bus.pass(1_000);
  expect(ids(bus)).toEqual(['second', 'first']);
  expect(bus.bridge.idle()).toBe(true);
});

test('a reordered event that nothing overtakes comes after five seconds', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.kernel.faults.replace(fault({ kind: 'reorder' }));
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations.map(({ atMs }) => atMs)).toEqual([5_000]);
});

test('a late event comes late', async ({ expect }) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.kernel.faults.replace(fault({ kind: 'delay', delayMs: 900 }));
  bus.kernel.publish(anEvent());
  await bus.runUntilIdle();
  expect(bus.invocations.map(({ atMs }) => atMs)).toEqual([950]);
});

test('scattered copies come each at a time of its own, within the delay, in any order', async ({
  expect,
}) => {
  const bus = aBus();
  bus.bridge.addRule(aRule());
  bus.kernel.faults.replace([
    ...fault({ kind: 'scatter', delayMs: 10_000, times: 1_000 }),
    ...fault({ kind: 'duplicate', times: 1_000, every: 2 }),
  ]);
  const sent = Array.from({ length: 10 }, (_, n) => `e-${n}`);
  for (const id of sent) bus.kernel.publish(anEvent({ id }));
  await bus.runUntilIdle();
  const twice = sent.filter((_, n) => n % 2 === 0);
  expect(ids(bus).toSorted()).toEqual([...sent, ...twice].toSorted());
  expect([...new Set(ids(bus))]).not.toEqual(sent);
  const times = bus.invocations.map(({ atMs }) => atMs);
  expect(Math.min(...times)).toBeGreaterThanOrEqual(50);
  expect(Math.max(...times)).toBeGreaterThan(5_000);
  expect(Math.max(...times)).toBeLessThan(10_050);
  expect(new Set(times).size).toBeGreaterThan(10);
});

test('a fault can strike one call in so many', ({ expect }) => {
  const { kernel } = aBus();
  kernel.faults.replace(fault({ kind: 'delay', delayMs: 1, nth: 2, every: 3, times: 2 }));
  const struck = Array.from(
    { length: 10 },
    () => kernel.faults.strike('eventbridge', 'Deliver', 'launch').length,
  );
  expect(struck).toEqual([0, 1, 0, 0, 1, 0, 0, 0, 0, 0]);
});

test.for([
  [{ kind: 'scatter' }, '"delayMs" must be given'],
  [{ kind: 'scatter', delayMs: 1, service: 'smq' }, 'goes with service "eventbridge" only'],
  [{ kind: 'duplicate', service: 'smq', trigger: 't' }, '"trigger" goes with service'],
  [{ kind: 'duplicate', every: 0 }, '"every" must be a whole number from 1'],
] as const)('%j is no fault of a delivery', ([change, why], { expect }) => {
  const { kernel } = aBus();
  const wrong = { service: 'eventbridge', action: 'Deliver', ...change };
  expect(() => kernel.faults.replace([wrong])).toThrow(why);
});

test('a pattern that is none is refused when the rule is added, and so is the 51st rule', ({
  expect,
}) => {
  const { bridge } = aBus();
  expect(() => bridge.addRule(aRule({ pattern: { source: 'acs.ecs' } }))).toThrow('$.source');
  for (let n = 0; n < 50; n++) bridge.addRule(aRule({ name: `r-${n}` }));
  expect(() => bridge.addRule(aRule({ name: 'r-50' }))).toThrow('"r-50": the bus has 50 rules');
});
