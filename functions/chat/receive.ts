import type { Platform } from '../../shared/domain/model/chat.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { checkBodySize } from '../../shared/inbound/body-size.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import type { ChatIn } from '../../shared/messengers/chat-in.ts';
import type { ReceivePorts } from '../../shared/messengers/inbound-messenger.ts';
import { INBOUND } from '../../shared/messengers/registry/inbound.ts';
import type { MessengerApps } from '../wiring/messenger-apps.ts';
import { noRoute } from './routes.ts';

/** The largest body that is read: our own choice. Slack repeats the whole message of a pressed button. */
const MAX_BODY_BYTES = 128 * 1024;

const CONTENT_TYPES = {
  form: /^application\/x-www-form-urlencoded\s*(;|$)/i,
  json: /^application\/json\s*(;|$)/i,
};

/**
 * Verifies and reads a request of a chat platform.
 *
 * @throws {LatchkeyError} `unsupported-media-type` or `too-large`; `not-found` for a platform that is not set
 * up; `unsigned`; `bad-request` when it cannot be read
 */
export async function receive(
  platform: Platform,
  request: HttpRequest,
  apps: MessengerApps,
  ports: ReceivePorts,
): Promise<ChatIn> {
  const messenger = INBOUND[platform];
  if (!CONTENT_TYPES[messenger.contentType].test(request.headers['content-type'] ?? '')) {
    const why = 'it is not what the platform sends';
    throw new LatchkeyError('unsupported-media-type', `Cannot read the content type: ${why}`);
  }
  checkBodySize(request, MAX_BODY_BYTES);
  const app = apps[platform];
  if (app === undefined) throw noRoute();
  return messenger.receive(request, app, ports);
}
