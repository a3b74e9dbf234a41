import { describe, test } from 'vitest';
import { makeHandler } from '../../../functions/launch/handler.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import type { Queue } from '../../../shared/domain/model/ports.ts';
import { ModelQueue } from '../../models/model-queue.ts';
import { aLaunchRule, aPolicy, NOW_MS, silent } from '../../models/builders.ts';
import { aLaunchEvent, aStateChange } from '../../support/cloud-events.ts';
import { context } from '../../models/http-event.ts';

const NOW = new Date(NOW_MS).toISOString();
const clock = { nowMs: () => NOW_MS };

function aLaunch(over: { readonly queue?: Queue; readonly rules?: number } = {}) {
  const queue = new ModelQueue(clock);
  const policy = aPolicy({
    launch: Array.from({ length: over.rules ?? 1 }, () => aLaunchRule()),
    ownRoles: ['latchkey-restart'],
  });
  const ports = { regionId: 'cn-hangzhou', policy, queue: over.queue ?? queue, clock, log: silent };
  const handler = makeHandler(ports);
  return {
    deliver: (event: Buffer) => handler(event, context),
    sent: () => queue.sent.map((body) => JSON.parse(body) as unknown),
  };
}

describe('the launch of an instance', () => {
  test('by an API call sends a message for each instance, with the fields that ActionTrail records', async ({
    expect,
  }) => {
    const { deliver, sent } = aLaunch();
    const event = aLaunchEvent({
      id: 'A-1',
      instanceIds: ['i-a', 'i-b'],
      time: NOW,
      data: { requestParameters: { LaunchTemplateId: 'lt-1', LaunchTemplateName: 'web' } },
    });
    expect(await deliver(event)).toEqual({
      kind: 'queued',
      eventKey: 'acs.ecs/A-1',
      instances: 2,
    });
    expect(sent()).toEqual(
      ['i-a', 'i-b'].map((instanceId) => ({
        schema: 'latchkey.launch/1',
        instanceId,
        regionId: 'cn-hangzhou',
        accountId: null,
        launchedBy: ['lin'],
        launchTemplates: ['lt-1', 'web'],
        eventKey: 'acs.ecs/A-1',
        eventName: 'RunInstances',
        source: 'action-trail',
        atMs: NOW_MS,
        lastCall: false,
        tries: 0,
      })),
    );
  });

  test('in the console sends a message as well', async ({ expect }) => {
    const { deliver, sent } = aLaunch();
    await deliver(aLaunchEvent({ type: 'ecs:ActionTrail:ConsoleOperation' }));
    expect(sent()).toHaveLength(1);
  });

  test('in a state change sends a message without the caller', async ({ expect }) => {
    const { deliver, sent } = aLaunch();
    await deliver(aStateChange('i-a', 'Created', NOW));
    expect(sent()).toMatchObject([
      { instanceId: 'i-a', source: 'state-change', launchedBy: null, launchTemplates: null },
    ]);
  });

  test('has the same key in every delivery', async ({ expect }) => {
    const { deliver, sent } = aLaunch();
    await deliver(aLaunchEvent());
    await deliver(aLaunchEvent());
    const [first, second] = sent();
    expect(first).toEqual(second);
  });

  test('fails when the queue did not take every message, so that it is delivered again', async ({
    expect,
  }) => {
    const full = new LatchkeyError('throttled', 'Cannot send: QpsLimitExceeded');
    const queue: Queue = {
      send: async (all) => all.map((_, index) => (index === 0 ? undefined : full)),
    };
    const { deliver } = aLaunch({ queue });
    const event = aLaunchEvent({ instanceIds: ['i-a', 'i-b'] });
    await expect(deliver(event)).rejects.toBe(full);
  });

  test.for<[string, Buffer, string]>([
    ['the call failed', aLaunchEvent({ data: { errorCode: 'NoPermission' } }), 'NoPermission'],
    ['it is in another region', aLaunchEvent({ data: { acsRegion: 'cn-beijing' } }), 'cn-beijing'],
    [
      'the call is not a launch',
      aLaunchEvent({ data: { eventName: 'RebootInstances' } }),
      'no launch',
    ],
    ['the instance only starts', aStateChange('i-a', 'Starting', NOW), 'Starting is no launch'],
    [
      'the caller is our own role',
      aLaunchEvent({
        data: { userIdentity: { type: 'assumed-role', userName: 'Latchkey-Restart:fc-1' } },
      }),
      'our own role',
    ],
  ])('is ignored when %s', async ([, event, why], { expect }) => {
    const { deliver, sent } = aLaunch();
    expect(await deliver(event)).toMatchObject({
      kind: 'ignored',
      why: expect.stringContaining(why),
    });
    expect(sent()).toEqual([]);
  });

  test('by a user with the name of our own role is not ignored', async ({ expect }) => {
    const { deliver, sent } = aLaunch();
    const userIdentity = { type: 'ram-user', userName: 'latchkey-restart' };
    await deliver(aLaunchEvent({ data: { userIdentity } }));
    expect(sent()).toHaveLength(1);
  });

  test('is ignored when the policy has no launch rule', async ({ expect }) => {
    const { deliver, sent } = aLaunch({ rules: 0 });
    expect(await deliver(aLaunchEvent())).toMatchObject({ kind: 'ignored' });
    expect(sent()).toEqual([]);
  });
});
