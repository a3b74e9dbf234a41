import fc from 'fast-check';
import { test } from 'vitest';
import type { Card } from '../../../../shared/domain/model/card.ts';
import { type SlackBlock, slackMessage } from '../../../../shared/messengers/slack/slack-render.ts';
import golden from '../../../fixtures/chat/slack-message.json' with { type: 'json' };
import { aButton, aCard, aHostileCard, HOSTILE, textsIn } from '../../../support/cards.ts';

test('a card is a header, blocks in their order, and buttons last', ({ expect }) => {
  expect(slackMessage(aCard({ mention: 'U0ALICE' }))).toEqual(golden);
});

test.for(HOSTILE)('%j mentions nobody and links to nothing', (text, { expect }) => {
  const { text: fallback, blocks } = slackMessage(aHostileCard(text));
  // In mrkdwn nothing begins without it.
  expect(fallback).not.toMatch(/[<>]/);
  const mrkdwn = textsIn(blocks).filter(
    ([, around]) => 'type' in around && around.type === 'mrkdwn',
  );
  expect(mrkdwn).toEqual([]);
  for (const [shown, around] of textsIn(blocks)) {
    expect(shown).not.toMatch(/[^\P{C}\n]/u);
    if ('emoji' in around) expect(around).toMatchObject({ type: 'plain_text', emoji: false });
  }
});

test.for(['!channel', 'U0ALICE> <!channel', 'alice', 'u0alice', 'C0OPS', ''])(
  'a mention of %j is none',
  (mention, { expect }) => {
    expect(JSON.stringify(slackMessage(aCard({ mention })))).not.toContain('<@');
  },
);

test('facts are fields, ten in a block', ({ expect }) => {
  const facts = Array.from({ length: 23 }, (_, i) => [`label ${i}`, `value ${i}`] as const);
  const { blocks } = slackMessage(aCard({ blocks: [{ kind: 'facts', facts }] }));
  const counts = blocks.flatMap((block) => ('fields' in block ? [block.fields.length] : []));
  expect(counts).toEqual([10, 10, 3]);
});

test('a long text is shown in several sections', ({ expect }) => {
  const text = Array.from({ length: 100 }, (_, i) => `line ${i} ${'x'.repeat(50)}`).join('\n');
  const { blocks } = slackMessage(aCard({ blocks: [{ kind: 'text', text }] }));
  const shown = blocks.flatMap((block) =>
    block.type === 'section' && 'text' in block ? [block.text.text] : [],
  );
  expect(shown.length).toBe(2);
  expect(shown.join('\n')).toBe(text);
});

test('what is too much is left out, with a line that says so; the buttons stay', ({ expect }) => {
  const text = 'x'.repeat(2_900);
  const many = Array.from({ length: 60 }, () => ({ kind: 'text', text }) as const);
  const { blocks } = slackMessage(aCard({ blocks: many }));
  expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
  expect(blocks.at(-1)).toMatchObject({ type: 'actions' });
  expect(blocks.at(-2)).toMatchObject({
    text: { text: expect.stringMatching(/^… there is more/) },
  });
});

test('a message has 50 blocks at most, the buttons among them', ({ expect }) => {
  const many = Array.from({ length: 60 }, (_, i) => ({ kind: 'text', text: `line ${i}` }) as const);
  const { blocks } = slackMessage(aCard({ blocks: many }));
  expect(blocks.length).toBe(50);
  expect(blocks.at(-1)).toMatchObject({ type: 'actions' });
});

test('what has no text is not shown: Slack refuses empty ones', ({ expect }) => {
  const card = aCard({
    title: '\u202E',
    blocks: [
      { kind: 'text', text: '' },
      { kind: 'code', text: '\u200B\n' },
      { kind: 'facts', facts: [] },
    ],
    buttons: [],
  });
  expect(slackMessage(card).blocks).toEqual([
    { type: 'header', text: { type: 'plain_text', text: '⚠️ Latchkey', emoji: false } },
  ]);
});

test('a button without its token could do nothing: one that is too long is left out', ({
  expect,
}) => {
  const buttons = [aButton({ token: 'x'.repeat(2_001) }), aButton({ token: 'x'.repeat(2_000) })];
  expect(slackMessage(aCard({ buttons })).blocks.at(-1)).toMatchObject({
    elements: [{ action_id: 'latchkey:approve:0', value: 'x'.repeat(2_000) }],
  });
});

const anyCard: fc.Arbitrary<Card> = fc.record({
  title: fc.string({ unit: 'binary', maxLength: 400 }),
  tone: fc.constantFrom('neutral', 'good', 'warning', 'bad'),
  blocks: fc.array(
    fc.oneof(
      fc.record({
        kind: fc.constantFrom('text', 'code'),
        text: fc.string({ unit: 'binary', maxLength: 4_000, size: 'max' }),
      }),
      fc.record({
        kind: fc.constant('facts' as const),
        facts: fc.array(
          fc.tuple(
            fc.string({ unit: 'binary' }),
            fc.string({ unit: 'binary', maxLength: 3_000, size: 'max' }),
          ),
          { maxLength: 15 },
        ),
      }),
    ),
    { maxLength: 12 },
  ),
  buttons: fc.array(
    fc.record({
      action: fc.constantFrom('approve', 'undo'),
      label: fc.string({ maxLength: 200 }),
      style: fc.constantFrom('primary', 'danger', 'plain'),
      confirm: fc.string({ maxLength: 500 }),
      token: fc.string({ maxLength: 400 }),
    }),
    { maxLength: 4 },
  ),
  mention: fc.option(fc.string()),
});

test('any card keeps within the limits of Block Kit', ({ expect }) => {
  fc.assert(
    fc.property(anyCard, (card) => {
      const { blocks } = slackMessage(card);
      expect(blocks.length).toBeLessThanOrEqual(50);
      expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(12_000);
      for (const block of blocks) checkLimits(block);
    }),
    { numRuns: 60 },
  );

  function checkLimits(block: SlackBlock): void {
    const within = (text: string, max: number) => {
      expect(text.length).toBeGreaterThan(0);
      expect(text.length).toBeLessThanOrEqual(max);
    };
    switch (block.type) {
      case 'header':
        return within(block.text.text, 150);
      case 'section':
        if ('text' in block) return within(block.text.text, 3_000);
        expect(block.fields.length).toBeLessThanOrEqual(10);
        return block.fields.forEach(({ text }) => within(text, 2_000));
      case 'rich_text':
        return within(block.elements[0].elements[0].text, 3_000);
      case 'context':
        return within(block.elements[0].text, 40);
      case 'actions':
        for (const { text, value, action_id: id, confirm } of block.elements) {
          within(text.text, 75);
          expect(value.length).toBeLessThanOrEqual(2_000);
          within(id, 255);
          if (confirm === undefined) continue;
          within(confirm.title.text, 100);
          within(confirm.text.text, 300);
          within(confirm.confirm.text, 30);
          within(confirm.deny.text, 30);
        }
    }
  }
});
