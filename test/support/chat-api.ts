import type { Body, Message, Toast } from '../../local/chat/conversation.ts';
import type { Platform } from '../../local/chat/workspace.ts';
import type { ChatDriver } from '../../tools/browser/chat-driver.ts';

/** Uses the local chat without a browser, by the API that its page calls. */
export function chatApi(url: string, platform: Platform): ChatDriver {
  async function post(path: string, body: object): Promise<void> {
    const reply = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!reply.ok)
      throw new Error(`Cannot post to "${path}": ${reply.status} ${await reply.text()}`);
  }
  async function snapshot(): Promise<{ messages: Message[]; toasts: Toast[] }> {
    const reply = await fetch(`${url}/chat/messages`);
    return (await reply.json()) as { messages: Message[]; toasts: Toast[] };
  }
  const seenBy = (person: string, { messages }: { messages: Message[] }) =>
    messages
      .filter((message) => message.platform === platform)
      .filter(({ onlyFor }) => onlyFor === null || onlyFor === person);
  return {
    say: (person, text) => post('/chat/say', { platform, person, text }),
    async press(person, label, about) {
      const message = seenBy(person, await snapshot()).findLast(
        ({ body }) => labelsOf(body).includes(label) && textsIn(body).join('\n').includes(about),
      );
      if (message === undefined)
        throw new Error(`Cannot press "${label}": nothing has such a button`);
      const button = labelsOf(message.body).indexOf(label);
      const { id: messageId, edits } = message;
      await post('/chat/press', { platform, person, messageId, edits, button });
    },
    async texts(person) {
      const all = await snapshot();
      const toasts = all.toasts.filter(
        (toast) => toast.platform === platform && toast.onlyFor === person,
      );
      const messages = seenBy(person, all).map(({ body }) => textsIn(body).join('\n'));
      return [...messages, ...toasts.map(({ text }) => text)];
    },
  };
}

/** The labels of the buttons, in order. */
function labelsOf(body: Body): string[] {
  if (body.kind === 'template') {
    return Object.entries(body.cardParamMap)
      .filter(([name, value]) => /^button\dText$/.test(name) && value !== '')
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([, value]) => value);
  }
  const labels: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, tag, text } = value as { type?: unknown; tag?: unknown; text?: unknown };
    if (type === 'button' || tag === 'button') labels.push(textsIn(text).at(-1) ?? '');
    else Object.values(value).forEach(walk);
  };
  walk(body);
  return labels;
}

/** Every text in it. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}
