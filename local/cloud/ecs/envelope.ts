import type { CloudEvent, Kernel } from '../kernel/kernel.ts';

/**
 * An event of ECS in EventBridge's envelope: facts in events-queue §1.2. The source `acs.ecs` is inferred
 * from its sisters `acs.oss` and `acs.ebs`.
 */
export function envelope(
  kernel: Kernel,
  event: {
    readonly id: string;
    readonly type: string;
    /** The instance that it is about, if it is about one. */
    readonly about: string | undefined;
    readonly data: unknown;
  },
): CloudEvent {
  const { regionId } = kernel.settings;
  const accountId = kernel.account.id;
  const iso = new Date(kernel.clock.nowMs()).toISOString();
  const resource = event.about === undefined ? '*' : event.about;
  return {
    id: event.id,
    source: 'acs.ecs',
    specversion: '1.0',
    type: event.type,
    datacontenttype: 'application/json;charset=utf-8',
    subject: `acs:ecs:${regionId}:${accountId}:instance/${resource}`,
    time: `${iso.slice(0, 19)}Z`,
    aliyunaccountid: accountId,
    aliyunoriginalaccountid: accountId,
    aliyunpublishtime: iso,
    aliyuneventbusname: 'default',
    aliyunregionid: regionId,
    aliyunpublishaddr: '127.0.0.1',
    data: event.data,
  };
}
