import { refusedCard } from '../../shared/domain/chat/cards/answer-cards.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log } from '../../shared/domain/model/ports.ts';
import type { LineIn } from '../../shared/messengers/chat-in.ts';
import { answerHttp } from '../../shared/inbound/answer-http.ts';
import { type FcContext, type HttpReply, json, readHttpEvent } from '../../shared/inbound/fc.ts';
import { answerClick, type ClickPorts } from './click.ts';
import { answerLine, type LinePorts } from './line.ts';
import { refusalOf } from './refusal.ts';
import { receive, type ReceivePorts } from './receive.ts';
import { type RespondPorts, respondToClick, respondToLine } from './respond.ts';
import { routeOf } from './routes.ts';
import type { Seen } from './seen.ts';

export type Ports = ReceivePorts & LinePorts & ClickPorts & RespondPorts;

/**
 * The chat door. It verifies, answers at once what can be answered at once, and sends everything else on
 * through the queue: platforms wait for three seconds. A no is an answer like any other, for Slack in the
 * response, else by the function `messenger`; an error status is for whoever is not a chat platform.
 */
export function makeHandler(ports: Ports) {
  return (bytes: Uint8Array, { requestId }: FcContext): Promise<HttpReply> => {
    const { clock } = ports;
    const seen: Seen = {};
    const log: Log = (level, event, fields) => {
      const { text: _unsaid, ...known } = seen;
      ports.log(level, event, { requestId, ...known, ...fields });
    };
    return answerHttp({ requestId, clock, log, whyOf, headersOf: allowed }, (startedMs) =>
      answer(bytes, startedMs, { ...ports, log }, seen),
    );
  };
}

async function answer(
  bytes: Uint8Array,
  nowMs: number,
  ports: Ports,
  seen: Seen,
): Promise<HttpReply> {
  const request = readHttpEvent(bytes);
  const route = routeOf(request);
  if (route.kind === 'health') return json(200, { status: 'ok' });
  seen.platform = route.kind;
  const chatIn = await receive(route, request, nowMs, ports);
  switch (chatIn.kind) {
    case 'challenge':
      return json(200, { challenge: chatIn.challenge });
    case 'ping':
      return json(200, {});
    case 'ignored':
      seen.command = `ignored: ${chatIn.why}`;
      return json(200, {});
    case 'line':
      return respondToLine(chatIn, await lineCard(chatIn, ports, seen), ports);
    case 'click':
      return respondToClick(chatIn, await answerClick(chatIn, nowMs, ports, seen), ports);
  }
}

async function lineCard(line: LineIn, ports: Ports, seen: Seen): Promise<Card> {
  try {
    return await answerLine(line, ports, seen);
  } catch (error) {
    const refused = refusalOf(error, ports.log);
    // What Feishu is told to have failed it sends again, for as long as it takes.
    if (line.account.platform === 'feishu' && refused.traits.fault === 'cloud') throw refused;
    return refusedCard(refused, seen.text ?? '');
  }
}

function allowed({ code, details }: LatchkeyError): Record<string, string> {
  const allow = details.extra?.['allow'];
  return code === 'method-not-allowed' && Array.isArray(allow) ? { allow: allow.join(', ') } : {};
}

/** For whoever sets up the chat: why a signature of the platform was not accepted. */
function whyOf({ code, details: { cause } }: LatchkeyError): string | undefined {
  return code === 'unsigned' && cause instanceof Error ? cause.message : undefined;
}
