import { signedText } from '../../shared/contract/answers/next-calls.ts';
import { test } from 'vitest';
import {
  faultCard,
  stopCard,
  understoodCard,
  whoamiCard,
} from '../../shared/domain/chat/cards/line-cards.ts';
import { doneCard, refusedCard, wordsCard } from '../../shared/domain/chat/cards/answer-cards.ts';
import { haltCard } from '../../shared/domain/chat/cards/halt-card.ts';
import { planCard } from '../../shared/domain/chat/cards/plan-card.ts';
import { rolloutCard } from '../../shared/domain/chat/cards/rollout-card.ts';
import { rolloutListCard } from '../../shared/domain/chat/cards/rollout-list-card.ts';
import type { Card } from '../../shared/domain/model/card.ts';
import { LatchkeyError } from '../../shared/domain/model/errors.ts';
import type { Snapshot } from '../../shared/domain/model/instance.ts';
import type { Rollout, RolloutInstance } from '../../shared/domain/model/rollout.ts';
import { dingtalkCard } from '../../shared/messengers/dingtalk/dingtalk-card.ts';
import { dingtalkText } from '../../shared/messengers/dingtalk/dingtalk-text.ts';
import { feishuCard } from '../../shared/messengers/feishu/feishu-card.ts';
import { slackMessage } from '../../shared/messengers/slack/slack-render.ts';
import { aWorld } from '../models/world.ts';
import { aCard } from '../support/cards.ts';
import { anInstance } from '../shared/outbound/store/builders.ts';
import { exact, expectGolden, type Section } from './golden.ts';
import { BARE, FULL, FULL_REQUEST, LAUNCHED, T0 } from './samples.ts';

const { account: ACCOUNT, place: PLACE } = FULL.origin.chat!;
const NOW_MS = T0 + 30_000;
const options = { signedText, tokenOf: (action: string) => `v1.${action}` };
const over = (change: Partial<Rollout>): Rollout => ({ ...FULL, ...change });

const all = (state: Partial<RolloutInstance>) => [0, 1, 2, 3].map((n) => anInstance(n, state));
const WAITING = all({ attach: { kind: 'waiting', reason: 'approval', untilMs: 1 } });
const READY = all({
  attach: { kind: 'attached', atMs: T0, requestId: '' },
  restart: { kind: 'ready', how: 'reboot', attempt: 1, proof: 'accepted', atMs: T0, requestId: '' },
});

const undecided = { ...FULL.approval!, state: 'waiting', by: '' } as const;
const ROLLOUTS: readonly (readonly [title: string, rollout: Rollout])[] = [
  [
    'approval, high risk',
    over({
      control: { kind: 'going' },
      approval: undecided,
      waitingFor: 'approval',
      instances: WAITING,
    }),
  ],
  [
    'approval, to be pressed here',
    {
      ...BARE,
      approval: { ...undecided, isHighRisk: false, given: [] },
      waitingFor: 'approval',
      instances: WAITING,
    },
  ],
  ['progress, just begun', BARE],
  ['progress', over({ control: { kind: 'going' }, waitingFor: 'bake' })],
  ['halted', FULL],
  ['paused', over({ control: { kind: 'paused', cause: '', by: 'bob', atMs: T0 } })],
  ['aborting', over({ control: { kind: 'aborted', cause: '', by: 'bob', atMs: T0 } })],
  ['stopped', over({ control: { kind: 'going' }, waitingFor: 'stopped' })],
  ['done, all well', { ...BARE, phase: 'done', instances: READY }],
  ['done, with failures', over({ control: { kind: 'going' }, phase: 'done' })],
  ['done, aborted', LAUNCHED],
];

async function theCards(): Promise<(readonly [title: string, card: Card])[]> {
  const text = 'attach ops-2026 to i-a --note "rotation"';
  const fleet: Partial<Snapshot>[] = Array.from({ length: 6 }, (_, n) => ({
    instanceId: `i-${n}`,
    name: `web-${n}`,
    keyPairName: n === 0 ? null : 'old',
    osType: n === 1 ? 'windows' : 'linux',
    tags: n === 2 ? { 'latchkey:restart': 'never' } : {},
  }));
  const world = aWorld(fleet);
  const plan = await world.ask({ dryRun: true, maxUnavailable: '2', ramp: 'doubling' });
  if (plan.kind !== 'dry-run') throw new TypeError('Cannot show a plan: it is none');
  const faults = ['bakeSeconds', 'note'].map((field) => ({
    path: [field],
    detail: `/${field} is too long`,
  }));
  return [
    ...ROLLOUTS.map(([title, one]) => [title, rolloutCard(one, NOW_MS, options)] as const),
    ['halted, told apart', haltCard(FULL, '3 of 3 restarts failed', 'U0001')],
    ['plan', planCard(plan, world.now())],
    [
      'list',
      rolloutListCard(
        ROLLOUTS.map(([, one]) => one),
        NOW_MS,
      ),
    ],
    ['list, stopped', rolloutListCard([FULL], NOW_MS, 'Stopped by alice: incident')],
    ['list of none', rolloutListCard([], NOW_MS)],
    ['refused', refusedCard(new LatchkeyError('not-valid', 'Cannot accept it', { faults }), text)],
    ['refused, our fault', refusedCard(new LatchkeyError('unavailable', 'for the log'), text)],
    ['done', doneCard(FULL, text, NOW_MS)],
    ['words', wordsCard('Not known', ['Nobody that the policy knows.', FULL_REQUEST.note], 'bad')],
    ['understood', understoodCard(text, 'or-1')],
    ['not understood', faultCard('Cannot read "reboot": no such command', 'Try help')],
    ['who I am, known', whoamiCard(ACCOUNT, PLACE, 'alice')],
    ['who I am, not known', whoamiCard(ACCOUNT, null)],
    ['stopped', stopCard({ stop: { by: 'alice', atMs: T0, reason: 'incident' }, openRollouts: 2 })],
    ['going', stopCard({ stop: null, openRollouts: 0 })],
    ['every block, and a mention', aCard({ mention: 'U0001' })],
    ['a mention for Feishu', aCard({ mention: 'ou_7d8a6e6df7621556ce0d21922b676706' })],
  ];
}

const json = (rendered: unknown) => [exact(JSON.stringify(rendered))];

test.for<[string, (card: Card) => string[]]>([
  ['slack', (card) => json(slackMessage(card))],
  ['feishu', (card) => json(feishuCard(card))],
  // What answers a line has no template: it is one text.
  ['dingtalk', (card) => [...json(dingtalkCard(card)), ...quoted(dingtalkText(card))]],
])('cards are rendered for %s as they were', async ([platform, render], { expect }) => {
  const sections = (await theCards()).map(([title, card]): Section => [title, render(card)]);
  expectGolden(expect, `cards-${platform}.txt`, sections);
});

const quoted = (text: string) => text.split('\n').map((line) => `> ${line}`);
