import { refusedCard } from '../../shared/domain/chat/cards/answer-cards.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { LatchkeyError } from '../../shared/domain/model/errors.ts';
import { type HttpReply, json, readHttpEvent } from '../../shared/inbound/fc.ts';
import { type Asked, httpHandler } from '../../shared/inbound/http-handler.ts';
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
  return httpHandler<Seen>({
    clock: ports.clock,
    log: ports.log,
    answer: (asked) => answer(asked, { ...ports, log: asked.log }),
    about: ({ text: _notForTheLog, ...known }) => known,
    whyOf,
    headersFor: allowHeader,
  });
}

async function answer(
  { bytes, startedMs: nowMs, seen }: Asked<Seen>,
  ports: Ports,
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
    if (refusal.traits.status >= 500 && INBOUND[line.account.platform].retriesLines) throw refusal;
    return refusedCard(refusal, seen.text ?? '');
  }
}

function allowHeader({ code, details }: LatchkeyError): Record<string, string> {
  const allow = details.extra?.['allow'];
  return code === 'method-not-allowed' && Array.isArray(allow) ? { allow: allow.join(', ') } : {};
}

/** For whoever sets the app up: which app or workspace a correctly signed request was for instead. */
function whyOf({ code, details: { cause } }: LatchkeyError): Record<string, unknown> {
  return code === 'unsigned' && cause instanceof Error ? { why: cause.message } : {};
}
