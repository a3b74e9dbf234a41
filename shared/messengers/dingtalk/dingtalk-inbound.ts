import { createHash } from 'node:crypto';
import type { InboundMessenger, ReceivePorts } from '../inbound-messenger.ts';
import { notThePlatform, sameText } from '../verify.ts';
import { verifyCardCallback, verifyRobot } from './dingtalk-crypto.ts';
import { type DingTalkApp, readCardClick, readRobotMessage } from './dingtalk-in.ts';

/** The last segment is a secret. */
const PATH = /^\/chat\/dingtalk\/([^/]{1,200})$/;

export interface DingTalkDoor extends DingTalkApp {
  readonly appSecret: string;
  /** `apiSecret` of the registered card callback. */
  readonly cardSecret: string;
  readonly pathSecret: string;
}

export const dingtalkInbound: InboundMessenger = {
  path: PATH,
  contentType: 'json',
  retriesLines: false,

  async receive({ path, headers, body }, app: DingTalkDoor, ports) {
    const { nowMs } = ports;
    const [, pathSecret = ''] = PATH.exec(path) ?? [];
    const isOurPath = sameText(pathSecret, app.pathSecret);
    const isCard = headers['x-ddpaas-signature'] !== undefined;
    const signature = isCard
      ? verifyCardCallback(headers, app.cardSecret, nowMs)
      : verifyRobot(headers, app.appSecret, nowMs);
    if (!isOurPath) throw notThePlatform();
    await refuseCaptured(signature, body, ports);
    return isCard ? readCardClick(body, app, nowMs) : readRobotMessage(body, app, nowMs);
  },
};

/**
 * DingTalk's signature does not cover the body. A signature that comes again with another body was captured.
 *
 * @throws {LatchkeyError} `unsigned`
 */
async function refuseCaptured(
  signature: string,
  body: Uint8Array,
  { ledger, log }: ReceivePorts,
): Promise<void> {
  const taken = await ledger.take('chat:dingtalk:sign', sha256Hex(signature), sha256Hex(body));
  if (taken !== 'another') return;
  log('error', 'captured-signature', { platform: 'dingtalk' });
  throw notThePlatform();
}

function sha256Hex(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex');
}
