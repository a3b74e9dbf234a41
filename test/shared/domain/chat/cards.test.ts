import { signedText } from '../../../../shared/contract/answers/next-calls.ts';
import { describe, test } from 'vitest';
import { PLAN_CHANGED } from '../../../../shared/domain/workflow/approval.ts';
import { doneCard, refusedCard } from '../../../../shared/domain/chat/cards/answer-cards.ts';
import { haltCard } from '../../../../shared/domain/chat/cards/halt-card.ts';
import { planCard } from '../../../../shared/domain/chat/cards/plan-card.ts';
import {
  rolloutCard as cardOf,
  type CardOptions,
} from '../../../../shared/domain/chat/cards/rollout-card.ts';
import { rolloutListCard } from '../../../../shared/domain/chat/cards/rollout-list-card.ts';
import type { Card } from '../../../../shared/domain/model/card.ts';
import { LatchkeyError } from '../../../../shared/domain/model/errors.ts';
import type { Snapshot } from '../../../../shared/domain/model/instance.ts';
import type { RolloutRequest } from '../../../../shared/domain/model/request.ts';
import type {
  Approval,
  Rollout,
  RolloutInstance,
} from '../../../../shared/domain/model/rollout.ts';
import { aRequest, NOW_MS } from '../../../models/builders.ts';
import { anApproval } from '../../../support/chat-builders.ts';
import { aWorld, rolloutIn } from '../../../models/world.ts';

function rolloutCard(rollout: Rollout, nowMs: number, options: Partial<CardOptions> = {}) {
  return cardOf(rollout, nowMs, { signedText, ...options });
}

/** Its facts by their labels. */
function factsOf({ blocks }: Card): Record<string, string> {
  return Object.fromEntries(blocks.flatMap((one) => (one.kind === 'facts' ? one.facts : [])));
}

const textOf = ({ blocks }: Card, kind: 'text' | 'code') =>
  blocks.flatMap((one) => (one.kind === kind ? [one.text] : [])).join('\n');

const actionsOf = ({ buttons }: Card) => buttons.map(({ action }) => action);

const tokenOf = () => 'token';

/** Ten instances in two zones and two roles, with everything that an approval is about. */
const TEN: readonly Partial<Snapshot>[] = Array.from({ length: 10 }, (_, n) => ({
  instanceId: `i-${n}`,
  name: n === 9 ? '' : `web-${n}`,
  zoneId: n < 4 ? 'cn-hangzhou-h' : 'cn-hangzhou-i',
  keyPairName: n === 0 ? null : n === 1 ? 'older' : 'old',
  status: n === 2 ? 'Stopped' : 'Running',
  osType: n === 3 ? 'windows' : 'linux',
  tags: {
    role: n % 2 === 0 ? 'web' : 'db',
    ...(n === 4 ? { 'latchkey:restart': 'never' } : {}),
    ...(n === 5 ? { 'latchkey:attach': 'never' } : {}),
    ...(n === 6 ? { 'acs:autoscaling:scalingGroupId': 'asg-1' } : {}),
  },
}));

const REQUEST: Partial<RolloutRequest> = {
  maxUnavailable: '50%',
  ramp: 'doubling',
  groupBy: 'role',
  bakeSeconds: 60,
  note: 'rotation\n2026-Q4',
};

async function aRollout(
  snapshots: readonly Partial<Snapshot>[] = TEN,
  request: Partial<RolloutRequest> = REQUEST,
) {
  const world = aWorld(snapshots);
  const rollout = rolloutIn(await world.ask(request));
  return { world, rollout };
}

/** As it is saved when somebody has to approve it. */
function waiting(rollout: Rollout, approval: Partial<Approval> = {}): Rollout {
  return {
    ...rollout,
    approval: anApproval(approval),
    waitingFor: 'approval',
    instances: rollout.instances.map((one) =>
      one.attach.kind === 'skipped'
        ? one
        : { ...one, attach: { kind: 'waiting', reason: 'approval', untilMs: 1 } },
    ),
  };
}

function withInstance(rollout: Rollout, index: number, over: Partial<RolloutInstance>): Rollout {
  return {
    ...rollout,
    instances: rollout.instances.with(index, { ...rollout.instances[index]!, ...over }),
  };
}

const FAILED_RESTART = {
  kind: 'failed',
  how: 'reboot',
  attempt: 1,
  code: 'ReadyTimeout',
  message: 'Stopping after 300 s',
  requestId: '',
  runningAtMs: null,
} as const;

describe('the approval card', () => {
  test('says all that whoever decides has to know', async ({ expect }) => {
    const { rollout } = await aRollout();
    const facts = {
      stopped: 1,
      replaces: [
        { name: 'old', fingerprint: 'fp-old' },
        { name: 'older', fingerprint: '' },
      ],
    };
    const card = rolloutCard(waiting(rollout, { needed: 2, given: ['bob'], facts }), NOW_MS, {
      tokenOf,
    });
    expect(card).toMatchObject({
      title: 'Approval needed: ops on 10 instances',
      tone: 'warning',
      mention: null,
    });
    expect(factsOf(card)).toEqual({
      Attach: '8 instances',
      Restart: '6 instances',
      Zones: 'cn-hangzhou-i 5, cn-hangzhou-h 3',
      'Down at once': 'at most 3 of 6',
      'Down at once, by role': '50% of each group; of those here db 1 of 3, web 1 of 3',
      Stopped: '1, left stopped',
      'Key pair': 'ops (fp-ops)',
      Replaces: 'old (fp-old) on 6, older on 1',
      'Password login': 'turned off on 8',
      'Scaling groups': '1 member restarted: Auto Scaling may replace them',
      'Opted out': 'not attached 1, not restarted 1',
      Skipped: 'opted-out 1, windows 1',
      Waves: '4: 1, 1, 3, 1; 60 s between them',
      Expected: 'about 8 min, if nothing has to wait',
      Undo: 'possible; not on 1, where no key pair was bound before; not on 1, whose key pair no longer exists',
      Why: 'client "ci" always needs one',
      Approvals: '1 of 2, so far bob',
      Until: '2026-09-21 15:13 UTC, then it is denied',
      Plan: rollout.planDigest,
    });
    expect(textOf(card, 'text')).toContain('Requested by client ci, by webhook.');
    expect(textOf(card, 'text')).toContain('Note: rotation 2026-Q4\n');
    expect(textOf(card, 'text')).toContain('web-0, web-1');
    expect(textOf(card, 'code')).toBe(`approve ${rollout.rolloutId} ${rollout.planDigest}`);
    expect(actionsOf(card)).toEqual(['approve', 'deny']);
  });

  test('of high risk has no button to approve, but the exact call', async ({ expect }) => {
    const { rollout } = await aRollout();
    const card = rolloutCard(waiting(rollout, { isHighRisk: true }), NOW_MS, { tokenOf });
    const { rolloutId, planDigest } = rollout;
    expect(actionsOf(card)).toEqual(['deny']);
    expect(textOf(card, 'text')).toContain('High risk');
    const [line, body] = textOf(card, 'code').split('\n');
    expect(line).toBe(`POST /rollouts/${rolloutId}/approve`);
    expect(JSON.parse(body!)).toEqual({ rolloutId, action: 'approve', planDigest });
  });

  test('where this chat is not enough says so, and how else', async ({ expect }) => {
    const { rollout } = await aRollout();
    const card = rolloutCard(waiting(rollout), NOW_MS, { tokenOf, canApproveHere: false });
    expect(actionsOf(card)).toEqual(['deny']);
    expect(textOf(card, 'text')).toContain('This chat is not enough');
    expect(textOf(card, 'code')).toContain('/approve');
  });

  test('of an undo says what is bound again, and where password login comes back', async ({
    expect,
  }) => {
    const { rollout } = await aRollout();
    const undoing: Rollout = {
      ...waiting(rollout),
      request: { ...rollout.request, undoes: `ro-${'u'.repeat(26)}` },
      instances: waiting(rollout).instances.map((one, n) => ({
        ...one,
        target: { keyPair: n === 0 ? null : { name: 'old', fingerprint: 'fp-old' } },
      })),
    };
    const card = rolloutCard(undoing, NOW_MS);
    expect(card.title).toBe(`Approval needed: undo of ro-${'u'.repeat(26)} on 10 instances`);
    expect(factsOf(card)).toMatchObject({
      Removes: 'ops (fp-ops)',
      'Binds again': 'old (fp-old) on 7, no key pair on 1',
      'Password login': 'turned off on 7, turned on again on 1',
    });
  });

  test('says that detaching is no obstacle where the policy lets it', async ({ expect }) => {
    const { rollout } = await aRollout();
    const card = rolloutCard(waiting(rollout), NOW_MS, { allowDetach: true });
    expect(factsOf(card)['Undo']).toBe('possible');
  });
});

describe('the progress card', () => {
  test('goes on from wave to wave, and says who is restarted now', async ({ expect }) => {
    const { world, rollout } = await aRollout(TEN, { ...REQUEST, groupBy: null });
    await world.settle(1_000);
    const card = rolloutCard(await world.rollout(rollout.rolloutId), world.now(), { tokenOf });
    expect(card).toMatchObject({ title: 'Restarting: ops on 10 instances', tone: 'neutral' });
    expect(textOf(card, 'code')).toBe('████████░░░░░░░░░░░░ 40% · 4 of 10');
    expect(factsOf(card)).toMatchObject({
      Instances: '2 attached, 1 restarting, 5 to restart, 2 skipped',
      Wave: '1 of 4',
      Now: 'web-0',
      'Time left': 'about 7 min',
    });
    expect(actionsOf(card)).toEqual(['pause', 'abort']);
  });

  test('is the same until something changes, but for the time that is left', async ({ expect }) => {
    const { world, rollout } = await aRollout();
    const now = await world.rollout(rollout.rolloutId);
    const cards = [0, 1, 20, 59].map((s) => rolloutCard(now, world.now() + s * 1_000));
    expect(new Set(cards.map((card) => JSON.stringify(card))).size).toBe(1);
  });

  test('of a halted one says why, what failed, and what to do about it', async ({ expect }) => {
    const { rollout } = await aRollout();
    const halted: Rollout = {
      ...withInstance(rollout, 0, { restart: FAILED_RESTART }),
      control: { kind: 'halted', cause: 'the canary i-0 failed', by: '', atMs: 1 },
      waitingFor: 'halted',
    };
    const card = rolloutCard(halted, NOW_MS, { tokenOf });
    expect(card).toMatchObject({ title: 'Halted: ops on 10 instances', tone: 'bad' });
    expect(textOf(card, 'text')).toContain('Halted: the canary i-0 failed.');
    expect(textOf(card, 'text')).toContain('web-0 (i-0): ReadyTimeout: Stopping after 300 s');
    expect(textOf(card, 'code')).toContain(`resume ${rollout.rolloutId}`);
    expect(textOf(card, 'code')).toContain('"as":"retry","instanceIds":["i-0"]');
    expect(actionsOf(card)).toEqual(['resume', 'abort']);
  });

  test.for<[string, Partial<Rollout>, string[]]>([
    [
      'paused',
      { control: { kind: 'paused', cause: '', by: 'bob or-1', atMs: 1 } },
      ['resume', 'abort'],
    ],
    ['stopped by everybody’s stop', { waitingFor: 'stopped' }, ['pause', 'abort']],
    ['aborted', { control: { kind: 'aborted', cause: '', by: 'bob or-1', atMs: 1 } }, []],
  ])('of one that is %s has the buttons that make sense', async ([, over, actions], { expect }) => {
    const { rollout } = await aRollout();
    const card = rolloutCard({ ...rollout, ...over }, NOW_MS, { tokenOf });
    expect(actionsOf(card)).toEqual(actions);
    expect(card.tone).toBe('warning');
  });

  test('names ten failures and counts the others', async ({ expect }) => {
    const { rollout } = await aRollout(
      Array.from({ length: 30 }, (_, n) => ({ instanceId: `i-${n}` })),
    );
    const failed: Rollout = {
      ...rollout,
      instances: rollout.instances.map((one) => ({ ...one, restart: FAILED_RESTART })),
    };
    expect(textOf(rolloutCard(failed, NOW_MS), 'text')).toContain('and 20 more');
  });

  test('has no buttons where none can be signed', async ({ expect }) => {
    const { rollout } = await aRollout();
    expect(rolloutCard(rollout, NOW_MS).buttons).toEqual([]);
  });
});

describe('the card of one that is over', () => {
  test('says what became of it, and can be undone', async ({ expect }) => {
    const { world, rollout } = await aRollout([{}, { instanceId: 'i-b' }], {});
    await world.settle();
    const done = await world.rollout(rollout.rolloutId);
    const card = rolloutCard(done, world.now(), { tokenOf });
    expect(card).toMatchObject({ title: 'Done: ops on 2 instances', tone: 'good' });
    expect(factsOf(card)).toMatchObject({ Instances: '2 ready' });
    expect(textOf(card, 'code')).toBe(
      `████████████████████ 100% · 2 of 2\nundo ${rollout.rolloutId}`,
    );
    expect(actionsOf(card)).toEqual(['undo']);
  });

  test.for<[string, Partial<Rollout>]>([
    ['Denied', { approval: anApproval({ state: 'denied', by: 'bob or-1' }) }],
    ['Not approved in time', { approval: anApproval({ state: 'expired' }) }],
    ['Not done, the plan has changed', { approval: anApproval({ state: 'changed' }) }],
    ['Aborted', { control: { kind: 'aborted', cause: '', by: 'bob or-1', atMs: 1 } }],
  ])('says "%s" in a word', async ([words, over], { expect }) => {
    const { rollout } = await aRollout();
    const instances = rollout.instances.map((one) => ({
      ...one,
      attach: { kind: 'skipped', reason: 'denied', detail: '', effective: null } as const,
      restart: { kind: 'none' } as const,
    }));
    const card = rolloutCard({ ...rollout, instances, phase: 'done', ...over }, NOW_MS, {
      tokenOf,
    });
    expect(card).toMatchObject({ title: `${words}: ops on 10 instances`, tone: 'warning' });
    expect(card.buttons).toEqual([]);
  });

  test('of a changed plan says what changed', async ({ expect }) => {
    const { rollout } = await aRollout();
    const entry = { seq: 9, atMs: 1, count: 0, requestId: '', by: 'bob or-1' };
    const changed: Rollout = {
      ...rollout,
      phase: 'done',
      approval: anApproval({ state: 'changed' }),
      history: [{ ...entry, what: PLAN_CHANGED, detail: 'i-new is added' }],
    };
    expect(factsOf(rolloutCard(changed, NOW_MS))).toMatchObject({
      'What changed': 'i-new is added',
    });
  });

  test('counts failures and doubts', async ({ expect }) => {
    const { world, rollout } = await aRollout([{}, { instanceId: 'i-b' }], {});
    await world.settle();
    const done = withInstance(await world.rollout(rollout.rolloutId), 1, {
      restart: {
        kind: 'unknown',
        how: 'reboot',
        attempt: 1,
        atMs: 1,
        code: 'NoEvidence',
        runningAtMs: null,
      },
    });
    const card = rolloutCard(done, world.now());
    expect(card).toMatchObject({ title: 'Done, with 1 failure: ops on 2 instances', tone: 'bad' });
    expect(textOf(card, 'text')).toContain('NoEvidence: nothing shows whether it was restarted');
  });
});

test('a plan says what would happen, and that nothing has', async ({ expect }) => {
  const world = aWorld(TEN);
  const answer = await world.ask({ ...REQUEST, dryRun: true, approveWithinSeconds: 1_800 });
  if (answer.kind !== 'dry-run') throw new TypeError('Cannot go on: no plan');
  const card = planCard(answer, NOW_MS);
  expect(card).toMatchObject({ title: 'Plan: ops on 10 instances', buttons: [] });
  expect(textOf(card, 'text')).toContain('Nothing is done.');
  expect(factsOf(card)).toMatchObject({
    Attach: '8 instances',
    Stopped: '1, left stopped',
    Replaces: 'old on 6, older on 1',
    Approval: 'within 30 min: asked for',
    Plan: answer.plan.digest,
  });
});

test('a refusal says why in words, and with every fault', ({ expect }) => {
  const faults = Array.from({ length: 12 }, (_, n) => ({
    path: ['x', n],
    detail: `fault ${n}`,
  }));
  const error = new LatchkeyError('forbidden', 'Cannot attach: the policy does not permit it', {
    faults,
  });
  const card = refusedCard(error, 'attach ops to i-a');
  expect(card).toMatchObject({ title: 'Refused: not allowed', tone: 'bad' });
  expect(textOf(card, 'code')).toBe('attach ops to i-a');
  expect(textOf(card, 'text').split('\n')).toEqual([
    'Cannot attach: the policy does not permit it',
    ...faults.slice(0, 10).map(({ detail }) => `· ${detail}`),
    '· and 2 more',
  ]);
});

test('what went wrong on our side is not told in the words of a log', ({ expect }) => {
  const error = new LatchkeyError('unavailable', 'Cannot GET "10.0.0.7/secret"', {
    requestId: '0A1B',
  });
  const card = refusedCard(error, 'pause ro-a');
  expect(card.title).toBe('Not done');
  expect(JSON.stringify(card)).not.toContain('10.0.0.7');
  expect(factsOf(card)).toEqual({ 'Request id': '0A1B' });
});

test('another plan than expected is told by its difference', ({ expect }) => {
  const difference = {
    added: [{ instanceId: 'i-new', index: 0, now: [] }],
    removed: [],
    changed: [{ instanceId: 'i-a', expected: [], now: [] }],
    keyPair: {},
  };
  const error = new LatchkeyError('plan-changed', 'Cannot start: the plan is another one', {
    extra: { planDigest: 'sha256:…', difference },
  });
  expect(textOf(refusedCard(error, 'x'), 'text').split('\n').slice(1)).toEqual([
    '· added: i-new',
    '· changed: i-a',
    '· the key pair has changed',
  ]);
});

test('an order that was carried out is answered by how the rollout is now', async ({ expect }) => {
  const { rollout } = await aRollout();
  const card = doneCard(waiting(rollout), 'attach ops to i-a', NOW_MS);
  expect(factsOf(card)).toEqual({
    Now: 'waits for approval, 0 of 1',
    Rollout: rollout.rolloutId,
  });
});

test('a list says of each rollout where it is, and whose it is', async ({ expect }) => {
  const { rollout } = await aRollout();
  const card = rolloutListCard([waiting(rollout), rollout], NOW_MS);
  expect(card.title).toBe('Rollouts, newest first');
  expect(textOf(card, 'text')).toBe(
    [
      `${rollout.rolloutId} · ops on 10 instances`,
      'waits for approval, 0 of 1 · client ci, by webhook',
      `${rollout.rolloutId} · ops on 10 instances`,
      'restarting, 4 of 10, about 8 min left · client ci, by webhook',
    ].join('\n'),
  );
  expect(rolloutListCard([], NOW_MS).title).toBe('No rollouts');
});

test('the largest rollout, of which everything fails, fits into a message and a card', async ({
  expect,
}) => {
  const { rollout } = await aRollout(
    Array.from({ length: 1_000 }, (_, n) => ({
      instanceId: `i-bp1${String(n).padStart(17, '0')}`,
      name: `web-${n}-${'x'.repeat(110)}`,
      zoneId: `cn-hangzhou-${n % 20}`,
      keyPairName: `key-${n}-${'k'.repeat(110)}`,
      tags: { role: `role-${n}-${'r'.repeat(110)}` },
    })),
    { ...REQUEST, note: 'n'.repeat(200) },
  );
  const failed: Rollout = {
    ...rollout,
    control: { kind: 'halted', cause: 'c'.repeat(500), by: '', atMs: 1 },
    instances: rollout.instances.map((one) => ({
      ...one,
      restart: { ...FAILED_RESTART, message: 'm'.repeat(500) },
    })),
  };
  const cards = [
    rolloutCard(waiting(rollout), NOW_MS, { tokenOf }),
    rolloutCard(failed, NOW_MS, { tokenOf }),
    rolloutListCard(
      Array.from({ length: 100 }, () => failed),
      NOW_MS,
    ),
  ];
  for (const card of cards) expect(JSON.stringify(card).length).toBeLessThan(8_000);
});

test('nothing that somebody wrote breaks out of its line', async ({ expect }) => {
  const evil = '\u202Eone\r\ntwo\u2028three\u0000\u200B four';
  const { rollout } = await aRollout([{ name: evil }], { note: evil });
  const cards = [
    rolloutCard(waiting(rollout, { why: evil }), NOW_MS),
    rolloutCard({ ...rollout, request: aRequest({ note: evil, breakGlass: evil }) }, NOW_MS),
    haltCard(rollout, evil, null),
  ];
  const text = JSON.stringify(cards);
  expect(text).toContain('one two three four');
  expect(text).not.toMatch(/[\u202E\u2028\u200B]|\\u0000|\\r/);
});
