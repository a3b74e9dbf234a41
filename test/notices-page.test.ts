import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import type { NoticeMessage } from '../shared/domain/model/notice-message.ts';
import { tell } from '../shared/domain/rollouts/carry-out-command.ts';
import { signWebhook } from '../shared/contract/webhook-signature.ts';
import { parseWebhookSecret } from '../shared/contract/webhook-secret.ts';
import { NOW_MS, someRules } from './models/builders.ts';
import { aWorld, rolloutIn } from './models/world.ts';

const PAGE = readFileSync(new URL('../docs/notices.md', import.meta.url), 'utf8');

function block(language: string): string {
  const [, text] = new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(PAGE) ?? [];
  if (text === undefined) throw new RangeError(`Cannot find ${language}: no such block`);
  return text;
}

interface Check {
  isGenuine(request: {
    readonly headers: Readonly<Record<string, string>>;
    readonly body: Uint8Array;
    readonly secret: string;
    readonly nowMs: number;
  }): boolean;
}

test('the notice on the page has the fields of a real one', async ({ expect }) => {
  const kinds = ['halted'] as const;
  const world = aWorld([{ instanceId: 'i-a' }], {
    rules: someRules({
      channels: [{ id: 'pager', on: kinds }],
      gate: { ask: async () => ({ answer: 'halt', reason: 'errors' }) },
    }),
  });
  const { rolloutId } = rolloutIn(await world.ask({ breakGlass: 'outage' }));
  await world.settle();
  await tell(rolloutId, { kind: 'abort' }, 'lin', world.ports, {
    deadlineMs: world.now() + 58_000,
    ownerUntilMs: world.now() + 90_000,
  });
  const [real] = world.queue.sent
    .map((body) => JSON.parse(body) as NoticeMessage & { readonly schema: string })
    .filter(({ schema }) => schema === 'latchkey.notice/1');
  const shown = JSON.parse(block('json')) as { readonly data: Record<string, unknown> };

  expect(Object.keys(shown.data)).toEqual(Object.keys(real!.data));
  const restarts = Object.keys(shown.data['restarts'] as object);
  expect(restarts.length).toBeGreaterThan(0);
  expect(Object.keys(shown.data['counts'] as object)).toEqual(
    Object.keys(real!.data['counts'] as object),
  );
});

test('the check on the page takes what we sign, and nothing else', async ({ expect }) => {
  const module: unknown = await import(
    /* @vite-ignore */ `data:text/javascript,${encodeURIComponent(block('js'))}`
  );
  const { isGenuine } = module as Check;
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const body = Buffer.from('{"type":"rollout.halted"}');
  const timestampSec = NOW_MS / 1_000;
  const signed = signWebhook({ secret: parseWebhookSecret(secret), id: 'm_1', timestampSec, body });
  const rotated = `v1,${'A'.repeat(43)}= ${signed['webhook-signature']}`;
  const given = { headers: signed, body, secret, nowMs: NOW_MS };

  expect(isGenuine(given)).toBe(true);
  expect(isGenuine({ ...given, headers: { ...signed, 'webhook-signature': rotated } })).toBe(true);
  expect(isGenuine({ ...given, nowMs: NOW_MS + 300_001 })).toBe(false);
  expect(isGenuine({ ...given, nowMs: NOW_MS - 300_001 })).toBe(false);
  expect(isGenuine({ ...given, body: Buffer.from('{"type":"rollout.ended"}') })).toBe(false);
  expect(isGenuine({ ...given, secret: 'whsec_b3BlcmF0b3Itb3BlcmF0b3Itb3BlcmF0b3I=' })).toBe(false);
  expect(isGenuine({ ...given, headers: { ...signed, 'webhook-id': 'm_2' } })).toBe(false);
  expect(isGenuine({ ...given, headers: {} })).toBe(false);
});
