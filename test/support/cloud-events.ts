/** An event of RunInstances, as EventBridge delivers it to `launch`. Override what the test is about. */
export function aLaunchEvent(
  over: {
    readonly id?: string;
    readonly type?: string;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly instanceIds?: readonly string[];
    readonly time?: string;
  } = {},
): Buffer {
  const { instanceIds = ['i-a'], time = '2026-09-21T14:13:20Z' } = over;
  const id = over.id ?? 'AE3B631D-B6BE-5BFC-9F14-6BAA2683B0BA';
  return Buffer.from(
    JSON.stringify({
      id,
      source: 'acs.ecs',
      specversion: '1.0',
      type: over.type ?? 'ecs:ActionTrail:ApiCall',
      time,
      aliyunregionid: 'cn-hangzhou',
      aliyuneventbusname: 'default',
      data: {
        eventId: id,
        eventName: 'RunInstances',
        eventRW: 'Write',
        eventTime: time,
        eventType: 'ApiCall',
        acsRegion: 'cn-hangzhou',
        serviceName: 'Ecs',
        responseElements: { InstanceIdSets: { InstanceIdSet: instanceIds } },
        userIdentity: { type: 'ram-user', userName: 'lin' },
        ...over.data,
      },
    }),
  );
}

/** A batch of queue messages, as an event stream delivers it. */
export function aBatch(bodies: readonly string[]): Buffer {
  return Buffer.from(
    JSON.stringify(
      bodies.map((messageBody, index) => ({
        id: `m-${index}`,
        source: 'MNS-latchkey-restart-queue',
        specversion: '1.0',
        type: 'mns:Queue:SendMessage',
        data: { requestId: 'r', messageId: `m-${index}`, messageBody },
      })),
    ),
  );
}

export function aStateChange(resourceId: string, state: string, time: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      id: 'e-1',
      source: 'acs.ecs',
      specversion: '1.0',
      type: 'ecs:Instance:StateChange',
      time,
      aliyunregionid: 'cn-hangzhou',
      data: { resourceId, resourceType: 'ALIYUN::ECS::Instance', state },
    }),
  );
}

export const TICK = Buffer.from(
  JSON.stringify({
    triggerTime: '2026-09-21T14:13:20Z',
    triggerName: 'tick',
    payload: '{"kind":"tick"}',
  }),
);
