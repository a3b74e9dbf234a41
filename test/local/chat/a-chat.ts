import { onTestFinished } from 'vitest';
import type { Message } from '../../../local/chat/conversation.ts';
import { startLocalChat } from '../../../local/chat/index.ts';
import type { Platform } from '../../../local/chat/workspace.ts';
import { askedServer } from '../../support/asked-server.ts';

const START_MS = 1_795_000_000_000;

/** How the function answers. */
export interface Answer {
  status: number;
  type: string;
  body: string;
  /** What the function does before it answers. */
  first: () => Promise<unknown>;
}

/** Emulated platforms before a function that records its requests, with a clock that stands still. */
export async function aChat() {
  const answer: Answer = {
    status: 200,
    type: 'application/json',
    body: '{}',
    first: async () => {},
  };
  const clock = { nowMs: START_MS };
  const { url, asked } = await askedServer((response) => {
    const { first, status, type, body } = answer;
    void first().then(() => response.writeHead(status, { 'content-type': type }).end(body));
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
    /** The messages that a person sees. */
    seen: (platform: Platform, person: string): Message[] =>
      chat.conversation
        .all()
        .filter((message) => message.platform === platform)
        .filter(({ onlyFor }) => onlyFor === null || onlyFor === person),
  };
}
