import type { CardButton, Card } from '../../shared/domain/model/card.ts';

/** A card with each kind of block and two buttons. */
export function aCard(over: Partial<Card> = {}): Card {
  return {
    title: 'Approval needed: ops-2026 on 12 instances',
    tone: 'warning',
    blocks: [
      { kind: 'text', text: 'Asked for by alice.\nNote: rotation 2026-Q4' },
      {
        kind: 'facts',
        facts: [
          ['Attach', '12 instances'],
          ['Restart', 'none'],
          ['Plan', 'sha256:0f3a'],
        ],
      },
      { kind: 'text', text: 'A second person approves with the button, or with:' },
      { kind: 'code', text: 'approve ro-aaaaaaaaaaaaaaaaaaaaaaaaaa sha256:0f3a' },
    ],
    buttons: [
      aButton(),
      aButton({ action: 'deny', label: 'Deny', style: 'danger', confirm: '', token: 'v1.deny' }),
    ],
    mention: null,
    ...over,
  };
}

export function aButton(over: Partial<CardButton> = {}): CardButton {
  return {
    action: 'approve',
    label: 'Approve',
    style: 'primary',
    confirm: 'Approve ops-2026 on 12 instances?',
    token: 'v1.approve',
    ...over,
  };
}

/** Texts that a person may write into a note or use as the name of an instance. */
export const HOSTILE = [
  '<!channel> <!here> <!everyone>',
  '<@U1> <@U0BOB|bob> <#C0OPS> <!subteam^S1>',
  '<https://evil.example|the console>',
  '[x](http://evil.example) ![x](http://evil.example/p.png)',
  '[x]\n: http://evil.example',
  'http://evil.example www.evil.example dtmd://dingtalkclient/sendMessage?content=approve',
  '<at id=all></at><at id=ou_a1></at><at user_id="all">all</at>',
  '<a href="http://evil.example">x</a><font color=red>x</font><link url=x></link>',
  '&lt;at id=all&gt;&lt;/at&gt; &#60;at id=all&#62;',
  '@所有人 @all @channel @13800000000',
  '```\nout of the code\n``` ````x```` `x`',
  '*bold* _it_ ~gone~ **b** # head\n> quote\n- item\n---',
  ':tada: :DONE:',
  'safe\u202Egnp.exe\u2066\u200B\u200Dx\u0000\u001b[31m\uFEFF',
  '"},{"tag":"at","user_id":"all"},{"',
  '{{token}} ${token}',
] as const;

/** A card in which every text is hostile. */
export function aHostileCard(text: string): Card {
  return aCard({
    title: text,
    blocks: [
      { kind: 'text', text },
      { kind: 'facts', facts: [[text, text]] },
      { kind: 'code', text },
    ],
    buttons: [aButton({ label: text, confirm: text })],
  });
}

/** Every text inside, with the object that contains it. */
export function textsIn(value: unknown, around: object = {}): [text: string, around: object][] {
  if (typeof value === 'string') return [[value, around]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((one) => textsIn(one, Array.isArray(value) ? around : value));
}
