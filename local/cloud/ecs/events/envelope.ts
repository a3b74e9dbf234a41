import type { CloudEvent, Kernel } from '../../kernel/kernel.ts';

/**
 * An event of a service in EventBridge's envelope. Not verified: the sources `acs.ecs` and `acs.ess` and the
 * subjects are inferred from published samples of `acs.oss` and `acs.ebs`.
 */
export function envelope(
  kernel: Kernel,
  event: {
    readonly id: string;
    /** Starts with the service: `ecs:…`. */
    readonly type: string;
    /** The resource: `instance/i-…`. */
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
