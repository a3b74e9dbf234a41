import { createHash } from 'node:crypto';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log, RequestLedger } from '../../shared/domain/model/ports.ts';
import type { ChatIn } from '../../shared/messengers/chat-in.ts';
import {
  verifyCardCallback,
  verifyRobot,
} from '../../shared/messengers/dingtalk/dingtalk-crypto.ts';
import { readCardClick, readRobotMessage } from '../../shared/messengers/dingtalk/dingtalk-in.ts';
import { readFeishu } from '../../shared/messengers/feishu/feishu-in.ts';
import { notThePlatform } from '../../shared/messengers/refuse.ts';
import { sameText } from '../../shared/messengers/same-text.ts';
import { verifySlack } from '../../shared/messengers/slack/slack-signature.ts';
import { readSlack } from '../../shared/messengers/slack/slack-in.ts';
import type { HttpRequest } from '../../shared/inbound/fc.ts';
import type { DingTalkDoor, Doors } from './doors.ts';
import { checkForm } from './form.ts';
import type { ChatRoute } from './routes.ts';

export interface ReceivePorts {
  readonly doors: Doors;
  readonly ledger: RequestLedger;
  readonly log: Log;
}

/**
 * Verifies and reads a request of a chat platform. Nothing of it is read before its signature holds, and
 * of DingTalk not before the signature is known to be nobody else's.
 *
 * @throws {LatchkeyError} `not-found` for a platform that is not set up, `unsigned`, and what says why a
 * request cannot be read
 */
export async function receive(
  route: ChatRoute,
  request: HttpRequest,
  nowMs: number,
  ports: ReceivePorts,
): Promise<ChatIn> {
  const { slack, dingtalk, feishu } = ports.doors;
  const { headers, body } = request;
  checkForm(request, route.kind);
  switch (route.kind) {
    case 'slack':
      if (slack === null) throw notSetUp();
      verifySlack({ headers, body, signingSecret: slack.signingSecret, nowMs });
      return readSlack(body, slack, nowMs);
    case 'dingtalk':
      if (dingtalk === null) throw notSetUp();
      return fromDingTalk(route.secret, request, dingtalk, nowMs, ports);
    case 'feishu':
      if (feishu === null) throw notSetUp();
      return readFeishu(request, feishu, nowMs);
  }
}

function notSetUp(): LatchkeyError {
  return new LatchkeyError('not-found', 'Cannot find the path: no such route');
}

async function fromDingTalk(
  pathSecret: string,
  { headers, body }: HttpRequest,
  door: DingTalkDoor,
  nowMs: number,
  ports: ReceivePorts,
): Promise<ChatIn> {
  const isOurPath = sameText(pathSecret, door.pathSecret);
  const isCard = headers['x-ddpaas-signature'] !== undefined;
  const signature = isCard
    ? verifyCardCallback(headers, door.cardSecret, nowMs)
    : verifyRobot(headers, door.appSecret, nowMs);
  if (!isOurPath) throw notThePlatform();
  await refuseCaptured(signature, body, ports);
  return isCard ? readCardClick(body, door, nowMs) : readRobotMessage(body, door, nowMs);
}

/** DingTalk's signatures do not cover the body: one that comes again with another one was captured. */
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

export function sha256Hex(of: string | Uint8Array): string {
  return createHash('sha256').update(of).digest('hex');
}
