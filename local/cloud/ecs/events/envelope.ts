import type { CloudEvent, Kernel } from '../../kernel/kernel.ts';

/**
 * An event of a service in EventBridge's envelope: facts in events-queue §1.2. The sources `acs.ecs` and
 * `acs.ess` are inferred from their sisters `acs.oss` and `acs.ebs`, and so are the subjects.
 */
export function envelope(
  kernel: Kernel,
  event: {
    readonly id: string;
    /** Begins with the service: `ecs:…`. */
    readonly type: string;
    /** The resource that it is about: `instance/i-…`. */
    readonly about: string;
    readonly data: unknown;
  },
): CloudEvent {
  const { regionId } = kernel.settings;
  const accountId = kernel.account.id;
  const iso = new Date(kernel.clock.nowMs()).toISOString();
  const [product] = event.type.split(':');
  return {
    id: event.id,
    source: `acs.${product}`,
    specversion: '1.0',
    type: event.type,
    datacontenttype: 'application/json;charset=utf-8',
    subject: `acs:${product}:${regionId}:${accountId}:${event.about}`,
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
