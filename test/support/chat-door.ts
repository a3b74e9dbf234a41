import { makeHandler, type Ports } from '../../functions/chat/handler.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import type { ButtonTerms } from '../../shared/domain/chat/card-tokens.ts';
import type { Person } from '../../shared/domain/model/policy.ts';
import type { Log } from '../../shared/domain/model/ports.ts';
import { signButtonToken } from '../../shared/messengers/button-token.ts';
import { ModelQueue } from '../models/model-queue.ts';
import { ModelLedger } from '../models/model-ledger.ts';
import { aPerson, aPlace } from './chat-builders.ts';
import { buttonKeys, someApps } from './chat-requests.ts';
import { context } from '../models/http-event.ts';
import { aWorld } from '../models/world.ts';

/** Alice, with an account on each platform. She may do everything. */
export function alice(over: Partial<Person> = {}): Person {
  return aPerson({
    accounts: [
      { platform: 'slack', tenant: 'T0001', user: 'U0001' },
      { platform: 'dingtalk', tenant: 'ding0001', user: 'alice01' },
      { platform: 'feishu', tenant: 'tenant0001', user: 'ou_alice' },
    ],
    ...over,
  });
}

interface Line {
  readonly level: string;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The chat door over the models. */
export function aChatDoor(over: Partial<Ports> = {}) {
  const world = aWorld();
  const { clock, rollouts, stop } = world.ports;
  const orders = new ModelQueue(clock);
  const replies = new ModelQueue(clock);
  const lines: Line[] = [];
  const log: Log = (level, event, fields = {}) => void lines.push({ level, event, fields });
  const handler = makeHandler({
    clock,
    rollouts,
    stop,
    log,
    apps: someApps(),
    buttonKeys: buttonKeys(),
    regionId: 'cn-hangzhou',
    people: [alice()],
    ledger: new ModelLedger(),
    queue: orders,
    chatQueue: replies,
    ...over,
  });
  const read = (queue: ModelQueue) => queue.receive(100).map((body) => JSON.parse(body));
  return {
    world,
    lines,
    async send(event: Buffer) {
      const reply = await handler(event, { ...context, function: { name: 'chat', timeout: 20 } });
      return { ...reply, json: JSON.parse(reply.body) };
    },
    /** Takes the messages that were sent on. */
    orders: () => read(orders),
    replies: () => read(replies),
    /** The token of a button on a card in `place`. */
    button(terms: Partial<ButtonTerms> = {}): string {
      const whole: ButtonTerms = {
        rolloutId: 'ro-abcdefghijklmnopqrstuvwxyz',
        action: 'approve',
        planDigest: `sha256:${'a1'.repeat(32)}`,
        place: aPlace(),
        expMs: world.now() + 3_600_000,
        round: 0,
        ...terms,
      };
      return signButtonToken(whole, buttonKeys()[0]!);
    },
  };
}

/** All texts in Slack's blocks. */
export function slackWordsOf(blocks: unknown): string {
  const words: string[] = [];
  JSON.stringify(blocks, (key, value: unknown) => {
    if (key === 'text' && typeof value === 'string') words.push(value);
    return value;
  });
  return words.join('\n');
}

/** The text of a card. */
export function wordsOf({ title, blocks }: Card): string {
  const texts = blocks.map((block) => {
    switch (block.kind) {
      case 'text':
      case 'code':
        return block.text;
      case 'facts':
        return block.facts.map((fact) => fact.join(': ')).join('\n');
    }
  });
  return [title, ...texts].join('\n');
}
