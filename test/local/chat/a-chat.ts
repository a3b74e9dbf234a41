import { onTestFinished } from 'vitest';
import type { Message } from '../../../local/chat/conversation.ts';
import { startLocalChat } from '../../../local/chat/index.ts';
import type { Platform } from '../../../local/chat/workspace.ts';
import { askedServer } from '../../support/asked-server.ts';

const START_MS = 1_795_000_000_000;

/** What the function answers next. */
export interface Answer {
  status: number;
  type: string;
  body: string;
}

/** Emulated platforms before a function that keeps what it was asked, and a clock that stands still. */
export async function aChat() {
  const answer: Answer = { status: 200, type: 'application/json', body: '{}' };
  const clock = { nowMs: START_MS };
  const { url, asked } = await askedServer((response) => {
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
  });
  const chat = await startLocalChat({ functionUrl: () => url, nowMs: () => clock.nowMs });
  onTestFinished(() => chat.close());
  const post = async (path: string, body: unknown, method = 'POST', headers = {}) => {
    const type = { 'content-type': 'application/json; charset=utf-8' };
    const sent = typeof body === 'string' ? body : JSON.stringify(body);
    const init = { method, headers: { ...type, ...headers }, body: sent };
    const reply = await fetch(`${chat.url}${path}`, init);
    const text = await reply.text();
    const isJson = (reply.headers.get('content-type') ?? '').startsWith('application/json');
    return {
      status: reply.status,
      headers: reply.headers,
      text,
      json: isJson ? (JSON.parse(text) as unknown) : undefined,
    };
  };
  return {
    ...chat,
    answer,
    clock,
    asked,
    post,
    say: (platform: Platform, person: string, text: string) =>
      post('/chat/say', { platform, person, text }, 'POST', { 'content-type': 'application/json' }),
    press: (platform: Platform, person: string, messageId: string, button = 0) =>
      post('/chat/press', { platform, person, messageId, button }, 'POST', {
        'content-type': 'application/json',
      }),
    /** What somebody can see. */
    seen: (platform: Platform, person: string): Message[] =>
      chat.conversation
        .all()
        .filter((message) => message.platform === platform)
        .filter(({ onlyFor }) => onlyFor === null || onlyFor === person),
  };
}
