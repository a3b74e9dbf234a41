import type { Random } from '../random.ts';
import type { Known } from './known.ts';
import { anyBytes, anyText, jsonText, mutateBytes, mutateValue } from './mutate.ts';

/** The event samples of one function, as JSON values. */
export type Samples = readonly unknown[];

/** An event as EventBridge or the timer delivers it: a sample, mostly with something wrong. */
export function eventInput(samples: Samples, known: Known, random: Random, nowMs: number): Buffer {
  if (random.chance(0.05)) return anyBytes(random.between(0, 200), random);
  const sample = random.chance(0.6) ? random.pick(samples) : batch(known, random, nowMs);
  let value = aboutKnown(sample, known, random);
  for (let left = random.between(0, 2); left > 0; left -= 1) value = mutateValue(value, random);
  const bytes = Buffer.from(jsonText(value, random));
  return random.chance(0.1) ? mutateBytes(bytes, random) : bytes;
}

/** Replaces the made-up instances and rollouts of a sample by known ones. */
function aboutKnown(sample: unknown, known: Known, random: Random): unknown {
  const text = JSON.stringify(sample)
    .replaceAll(/i-bp1sample[0-9]{11}/g, () => random.pick(known.instanceIds))
    .replaceAll(/ro-[a-z2-7]{26}/g, () => random.pick(known.rolloutIds));
  return JSON.parse(text) as unknown;
}

/** Queue messages, in one of the three forms that a batch may have. */
function batch(known: Known, random: Random, nowMs: number): unknown {
  const events = Array.from({ length: random.between(1, 6) }, () => ({
    id: String(random.between(0, 2 ** 31)),
    source: 'MNS-latchkey',
    specversion: '1.0',
    type: 'mns:Queue:SendMessage',
    time: new Date(nowMs).toISOString(),
    data: { messageId: 'm', messageBody: messageBody(known, random, nowMs) },
  }));
  if (random.chance(0.2)) return events[0];
  return random.chance(0.5) ? events : events.map((event) => JSON.stringify(event));
}

function messageBody(known: Known, random: Random, nowMs: number): string {
  const rolloutId = random.pick(known.rolloutIds);
  const instanceId = random.pick(known.instanceIds);
  const messages: readonly unknown[] = [
    { schema: 'latchkey.wake/1', rolloutId },
    {
      schema: 'latchkey.result/1',
      rolloutId,
      regionId: 'cn-hangzhou',
      keyPairName: random.pick(known.keyPairNames),
      instanceId,
      outcome: { kind: 'attached', previousKeyPairName: null },
      next: 'reboot',
      attachedAtMs: nowMs,
    },
    {
      schema: 'latchkey.launch/1',
      instanceId,
      regionId: 'cn-hangzhou',
      accountId: null,
      launchedBy: null,
      launchTemplates: null,
      eventKey: `acs.ecs/${random.between(0, 99)}`,
      eventName: 'RunInstances',
      source: 'action-trail',
      atMs: nowMs - random.pick([0, 60_000, 1_000_000]),
      lastCall: random.chance(0.5),
    },
    {
      schema: 'latchkey.notice/1',
      id: 'notice_1',
      rolloutId,
      channel: 'ops',
      kind: 'halted',
      atMs: nowMs,
      attempt: random.between(1, 10),
      data: {},
    },
    { schema: anyText(random), rolloutId },
  ];
  const message = random.chance(0.5)
    ? random.pick(messages)
    : mutateValue(random.pick(messages), random);
  return jsonText(message, random);
}
