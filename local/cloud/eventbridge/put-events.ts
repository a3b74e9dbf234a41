import type { CloudEvent, Kernel } from '../kernel/kernel.ts';
import type { Service } from '../kernel/service.ts';
import type { VendorError } from '../kernel/vendor-error.ts';
import type { WireReply } from '../../http/wire.ts';
import { checkEvent, EnvelopeError } from './envelope.ts';

/** https://help.aliyun.com/en/eventbridge/product-overview/limits */
const MAX_BATCH = 16;
const MAX_BATCH_BYTES = 1024 * 1024;

/**
 * `POST /events` with one CloudEvent or an array of them. The bus accepts all or none.
 *
 * This is not the vendor's API: the real PutEvents is signed. Here requests are not signed, because the server
 * listens on loopback only and serves `npm run send` and other tools. Fields that the bus sets are filled in
 * where they are missing. Values that a sample brings along are kept.
 */
export function putEventsService(kernel: Kernel): Service {
  const json = (status: number, body: unknown): WireReply => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const errorReply = ({ status, code, message }: VendorError) =>
    json(status, { RequestId: kernel.requestId(), Code: code, Message: message });
  const invalid = (message: string) =>
    errorReply({ status: 400, code: 'InvalidArgument', message });

  const put = (body: Buffer): WireReply => {
    let given: unknown;
    try {
      given = JSON.parse(body.toString('utf8'));
    } catch {
      return invalid('Cannot put events: the body is not JSON');
    }
    const list: readonly unknown[] = Array.isArray(given) ? given : [given];
    if (list.length < 1 || list.length > MAX_BATCH) {
      return invalid(`Cannot put events: ${list.length} given, 1 to ${MAX_BATCH} are allowed`);
    }
    if (body.length > MAX_BATCH_BYTES) {
      return invalid(`Cannot put events: larger than ${MAX_BATCH_BYTES} bytes together`);
    }
    const events: CloudEvent[] = [];
    for (const [index, one] of list.entries()) {
      try {
        events.push(stamped(kernel, checkEvent(one)));
      } catch (error) {
        if (!(error instanceof EnvelopeError)) throw error;
        return invalid(`Cannot put event ${index}: ${error.message}`);
      }
    }
    for (const event of events) kernel.publish(event);
    return json(200, { RequestId: kernel.requestId(), Accepted: events.map(({ id }) => id) });
  };

  return {
    name: 'eventbridge',
    actions: ['PutEvents'],
    actionOf: ({ method, path }) => (method === 'POST' && path === '/events' ? 'PutEvents' : ''),
    accessKeyOf: () => undefined,
    handle({ method, path, body }) {
      if (path !== '/events') {
        const message = `Cannot find "${path}": only /events exists`;
        return Promise.resolve(errorReply({ status: 404, code: 'NotFound', message }));
      }
      if (method !== 'POST') {
        const message = `Cannot ${method} events: only POST is allowed`;
        return Promise.resolve(errorReply({ status: 405, code: 'MethodNotAllowed', message }));
      }
      return Promise.resolve(put(body));
    },
    errorReply,
    throttled: {
      status: 429,
      code: 'Throttling',
      message: 'Request was denied due to throttling.',
    },
  };
}

function stamped({ settings, clock }: Kernel, event: CloudEvent): CloudEvent {
  const now = new Date(clock.nowMs()).toISOString();
  return {
    time: now,
    aliyunaccountid: settings.accountId,
    aliyunoriginalaccountid: settings.accountId,
    aliyunpublishtime: now,
    aliyuneventbusname: 'default',
    aliyunregionid: settings.regionId,
    aliyunpublishaddr: '127.0.0.1',
    ...event,
  };
}
