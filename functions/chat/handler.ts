import { refusedCard } from '../../shared/domain/chat/cards/answer-cards.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Log } from '../../shared/domain/model/ports.ts';
import { answerHttp } from '../../shared/inbound/answer-http.ts';
import { type FcContext, type HttpReply, json, readHttpEvent } from '../../shared/inbound/fc.ts';
import type { LineIn } from '../../shared/messengers/chat-in.ts';
import { INBOUND } from '../../shared/messengers/registry/inbound.ts';
import type { MessengerApps } from '../wiring/messenger-apps.ts';
import { answerClick, type ClickPorts } from './click.ts';
import { answerLine, type LinePorts } from './line.ts';
import { receive } from './receive.ts';
import { refusalToShow } from './refusal.ts';
import { type RespondPorts, respondToClick, respondToLine } from './respond.ts';
import { routeOf } from './routes.ts';
import type { Seen } from './seen.ts';

export type Ports = LinePorts & ClickPorts & RespondPorts & { readonly apps: MessengerApps };

/**
 * The chat door. Platforms wait for three seconds, so it answers at once what it can, and sends everything else
 * on through the queue. A refusal is an answer like any other: in the response where the platform shows it, else
 * a message by the function `messenger`. Only callers that are not a chat platform get an error status.
 */
export function makeHandler(ports: Ports) {
  return (bytes: Uint8Array, { requestId }: FcContext): Promise<HttpReply> => {
    const { clock } = ports;
    const seen: Seen = {};
    const log: Log = (level, event, fields) => {
      const { text: _notForTheLog, ...known } = seen;
      ports.log(level, event, { requestId, ...known, ...fields });
    };
    return answerHttp({ requestId, clock, log, whyOf, headersOf: allowHeader }, (startedMs) =>
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
  if (route === 'health') return json(200, { status: 'ok' });
  seen.platform = route;
  const { apps, ledger, log } = ports;
  const chatIn = await receive(route, request, apps, { nowMs, ledger, log });
  switch (chatIn.kind) {
    case 'handshake':
      return json(200, chatIn.answer);
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
    const refusal = refusalToShow(error, ports.log);
    const { retriesLines } = INBOUND[line.account.platform];
    if (refusal.traits.fault === 'cloud' && retriesLines) throw refusal;
    return refusedCard(refusal, seen.text ?? '');
  }
}

function allowHeader({ code, details }: LatchkeyError): Record<string, string> {
  const allow = details.extra?.['allow'];
  return code === 'method-not-allowed' && Array.isArray(allow) ? { allow: allow.join(', ') } : {};
}

/** For whoever sets up the chat: why a signature of the platform was not accepted. */
function whyOf({ code, details: { cause } }: LatchkeyError): string | undefined {
  return code === 'unsigned' && cause instanceof Error ? cause.message : undefined;
}
