import fc from 'fast-check';
import { test } from 'vitest';
import { OUTBOUND } from '../../../shared/messengers/registry/outbound.ts';
import type { Platform } from '../../../shared/domain/model/chat.ts';
import { LatchkeyError } from '../../../shared/domain/model/errors.ts';
import { aChannel, aChatRule, aPlace } from '../../support/chat-builders.ts';
import { aMessenger } from '../../support/messenger-world.ts';

const TENANTS: Readonly<Record<Platform, string>> = {
  slack: 'T0001',
  dingtalk: 'ding0001',
  feishu: 'tenant0001',
};

/** Which of the next calls fail. */
const calls = fc.array(fc.boolean(), { maxLength: 4 });

const aFault = fc.record({
  kind: fc.constant('faults' as const),
  chat: calls,
  saves: calls,
  sends: calls,
});

/** What happens, one after the other. */
const anEvent = fc.oneof(
  fc.record({ kind: fc.constant('change' as const), isTold: fc.boolean() }),
  fc.record({ kind: fc.constant('halt' as const), isTold: fc.boolean() }),
  fc.record({ kind: fc.constant('look' as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
  aFault,
);

test('whatever is lost, doubled or dies: in the end the last state is shown, in one message, at its pace', async ({
  expect,
}) => {
  const platforms = fc.constantFrom<Platform>('slack', 'dingtalk', 'feishu');
  const stories = fc.array(anEvent, { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(platforms, aFault, stories, async (platform, first, story) => {
      const place = aPlace({ platform, tenant: TENANTS[platform] });
      const chat = aChatRule({ channels: [aChannel({ place })] });
      const saves: boolean[] = [];
      const sends: boolean[] = [];
      const it = aMessenger({
        policy: { chat },
        inFrontOf: (queue) => ({
          send: async (messages) =>
            messages.length > 0 && sends.shift() === true
              ? messages.map(() => new LatchkeyError('unavailable', 'Cannot send: away'))
              : queue.send(messages),
        }),
      });
      const { world, chatOut, cards } = it;
      const save = cards.save.bind(cards);
      cards.save = async (before, after) => {
        if (saves.shift() === true) throw new LatchkeyError('unavailable', 'Cannot save: away');
        return save(before, after);
      };
      /** The platform delivers again what was not processed, a little later. */
      const survive = async (work: () => Promise<unknown>): Promise<void> => {
        for (;;) {
          try {
            await work();
            return;
          } catch (error) {
            if (!(error instanceof LatchkeyError)) throw error;
            world.pass(1_000);
          }
        }
      };
      const shownAt: [kind: string, atMs: number][] = [];
      chatOut.meanwhile = ({ kind, card }) => {
        if (card.buttons.length > 0 || kind === 'update') shownAt.push([kind, world.now()]);
      };
      const rollout = await it.begin();
      let notes = 0;
      const look = { kind: 'look', times: 1 } as const;
      for (const event of [first, look, ...story]) {
        switch (event.kind) {
          case 'change':
          case 'halt': {
            notes += 1;
            await it.change(rollout, {
              request: { ...rollout.request, note: `note ${notes}` },
              control:
                event.kind === 'change'
                  ? { kind: 'going' }
                  : { kind: 'halted', cause: 'halted', by: '', atMs: world.now() },
            });
            if (event.isTold) await survive(() => it.look(rollout));
            break;
          }
          case 'look':
            await survive(() =>
              Promise.all(Array.from({ length: event.times }, () => it.look(rollout))),
            );
            break;
          case 'pass':
            await survive(() => it.passAndReceive(event.ms));
            break;
          case 'faults':
            chatOut.next.push(
              ...event.chat.map((isBad) =>
                isBad ? ({ kind: 'failed', why: 'HTTP 500', retryAfterMs: null } as const) : null,
              ),
            );
            saves.push(...event.saves);
            sends.push(...event.sends);
        }
      }
      chatOut.next.length = 0;
      saves.length = 0;
      sends.length = 0;
      await it.change(rollout, { request: { ...rollout.request, note: 'the last note' } });
      // Nobody tells it: it finds out by itself.
      await survive(() => it.passAndReceive(15 * 60_000));

      const shown = chatOut.calls.filter(
        ({ kind, card }) => kind === 'update' || card.buttons.length > 0,
      );
      expect(JSON.stringify(shown.at(-1))).toContain('the last note');
      const keys = shown.flatMap((call) => (call.kind === 'post' ? [call.key] : []));
      expect(new Set(keys).size).toBe(1);
      const atMs = shownAt.filter(([kind]) => kind === 'update').map(([, ms]) => ms);
      for (const [n, ms] of atMs.entries()) {
        if (n > 0) expect(ms - atMs[n - 1]!).toBeGreaterThanOrEqual(1_000);
      }
      // Those that went well keep the pace; a try that failed is paced by its own pauses.
      expect(atMs.length).toBeLessThanOrEqual(
        2 + (world.now() - rollout.createdAtMs) / Math.min(OUTBOUND[platform].updateEveryMs, 2_000),
      );
    }),
    { numRuns: 60 },
  );
});
