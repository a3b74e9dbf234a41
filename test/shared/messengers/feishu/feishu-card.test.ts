import fc from 'fast-check';
import { test } from 'vitest';
import { feishuCard } from '../../../../shared/messengers/feishu/feishu-card.ts';
import golden from '../../../fixtures/chat/feishu-card.json' with { type: 'json' };
import { aCard, aHostileCard, HOSTILE, textsIn } from '../../../support/cards.ts';

test('a card is a header in the colour of its tone, and elements in their order', ({ expect }) => {
  expect(feishuCard(aCard({ mention: 'ou_7d8a6e6df7621556ce0d21922b676706' }))).toEqual(golden);
});

/** What is read as markdown. */
function markdownIn(card: unknown): string[] {
  return textsIn(card)
    .filter(([, around]) => 'tag' in around && around.tag === 'markdown')
    .map(([text]) => text)
    .filter((text) => text !== 'markdown');
}

test.for(HOSTILE)('%j mentions nobody and links to nothing', (text, { expect }) => {
  const card = feishuCard(aHostileCard(text));
  for (const markdown of markdownIn(card)) {
    expect(markdown).toMatch(/^```\n[^`<]*\n```$/);
    expect(markdown).not.toMatch(/&(?:#|\w+;)/);
  }
  for (const [shown, around] of textsIn(card)) {
    expect(shown).not.toMatch(/[^\P{C}\n]/u);
    if ('content' in around && 'tag' in around) {
      expect(['plain_text', 'markdown']).toContain(around.tag);
    }
  }
});

test.for(['all', 'ou_a1></at><at id=all', 'bob', '*', ''])(
  'a mention of %j is none',
  (mention, { expect }) => {
    expect(JSON.stringify(feishuCard(aCard({ mention })))).not.toContain('<at');
  },
);

test('a card that is much too large fits, keeps its buttons, and says that there is more', ({
  expect,
}) => {
  const blocks = Array.from({ length: 80 }, (_, i) => ({
    kind: 'facts' as const,
    facts: [
      [`"label" ${i}`, '键'.repeat(300)],
      ['b', '"'.repeat(300)],
    ] as const,
  }));
  const card = feishuCard(aCard({ blocks }));
  const request = JSON.stringify({
    receive_id: 'oc_1',
    msg_type: 'interactive',
    content: JSON.stringify(card),
  });
  expect(Buffer.byteLength(request)).toBeLessThanOrEqual(30 * 1_024);
  const { elements } = card.body;
  expect(elements.at(-1)).toMatchObject({ flex_mode: 'flow' });
  expect(elements.at(-2)).toMatchObject({
    text: { content: expect.stringMatching(/^… there is more/) },
  });
});

test('a card never has more than 200 tags, whatever texts say', ({ expect }) => {
  const facts = Array.from({ length: 200 }, (_, i) => [`"tag":"${i}`, 'v'] as const);
  const card = feishuCard(aCard({ blocks: [{ kind: 'facts', facts }] }));
  let tags = 0;
  JSON.stringify(card, (name, value: unknown) => {
    if (name === 'tag') tags += 1;
    return value;
  });
  expect(tags).toBeLessThanOrEqual(200);
  expect(tags).toBeGreaterThan(190);
});

test('code holds any text without an end of its own', ({ expect }) => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('`', '<', '&', '#', 'a', ';', '\n', '~') }),
      (text) => {
        const card = feishuCard(aCard({ blocks: [{ kind: 'code', text }], buttons: [] }));
        for (const markdown of markdownIn(card)) expect(markdown).toMatch(/^```\n[^`<]*\n```$/);
      },
    ),
  );
});
