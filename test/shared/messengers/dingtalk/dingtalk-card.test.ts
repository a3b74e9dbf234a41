import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { dingtalkCard } from '../../../../shared/messengers/dingtalk/dingtalk-card.ts';
import { dingtalkText } from '../../../../shared/messengers/dingtalk/dingtalk-text.ts';
import golden from '../../../fixtures/chat/dingtalk-card.json' with { type: 'json' };
import { aButton, aCard, aHostileCard, HOSTILE } from '../../../support/cards.ts';

test('a card fills all variables of the template', ({ expect }) => {
  expect(dingtalkCard(aCard())).toEqual(golden);
});

test('every variable is in the description that an operator builds the template by', ({
  expect,
}) => {
  const page = readFileSync(new URL('../../../../docs/dingtalk-card.md', import.meta.url), 'utf8');
  for (const name of Object.keys(dingtalkCard(aCard()))) expect(page).toContain(`\`${name}\``);
});

test.for(HOSTILE)('%j mentions nobody and links to nothing', (text, { expect }) => {
  const card = aHostileCard(text);
  const { button1Token: _token, ...texts } = dingtalkCard(card);
  for (const shown of [...Object.values(texts), dingtalkText(card)]) {
    expect(shown).not.toMatch(/@|<|\]\(|:\/\/|www\./i);
    expect(shown).not.toMatch(/[^\P{C}\n]/u);
  }
});

test('what is invisible cannot keep apart what is looked for', ({ expect }) => {
  const card = aCard({
    blocks: [{ kind: 'text', text: '[x]\u200B(http:\u2060//evil) w\u200Dww.e' }],
  });
  expect(dingtalkCard(card)['body']).toBe('[x] (http：//evil) www．e');
});

test('buttons that are there no more are emptied, for an update keeps what is not sent', ({
  expect,
}) => {
  const two = dingtalkCard(aCard({ buttons: [aButton(), aButton()] }));
  const none = dingtalkCard(aCard({ buttons: [] }));
  expect(Object.keys(none)).toEqual(Object.keys(two));
  expect([none['button1Text'], none['button1Token'], none['button2Text']]).toEqual(['', '', '']);
});

test('a message of text has everything but the buttons, and an end', ({ expect }) => {
  expect(dingtalkText(aCard())).toBe(
    [
      '⚠️ Approval needed: ops-2026 on 12 instances',
      'Asked for by alice.\nNote: rotation 2026-Q4',
      'Attach: 12 instances\nRestart: none\nPlan: sha256:0f3a',
      'A second person approves with the button, or with:',
      'approve ro-aaaaaaaaaaaaaaaaaaaaaaaaaa sha256:0f3a',
    ].join('\n\n'),
  );
  const long = aCard({ blocks: [{ kind: 'text', text: '键'.repeat(12_000) }] });
  expect(Buffer.byteLength(dingtalkText(long))).toBeLessThan(20_000);
  expect(dingtalkText(long)).toMatch(/…$/);
});
