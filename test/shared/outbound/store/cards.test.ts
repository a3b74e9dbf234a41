import { test } from 'vitest';
import { newCardState } from '../../../../shared/domain/chat/card-refresh.ts';
import type { Cards, CardState } from '../../../../shared/domain/model/chat-ports.ts';
import { tablestoreCards } from '../../../../shared/outbound/store/cards.ts';
import { CARDS } from '../../../../shared/outbound/store/tables.ts';
import { aPlace } from '../../../support/chat-builders.ts';
import { ModelCards } from '../../../models/model-cards.ts';
import { type Bench, withTablestore } from '../tablestore/bench.ts';

const RO = `ro-${'a'.repeat(26)}`;
const lost = (times = 1) =>
  ({ service: 'tablestore', action: 'PutRow', kind: 'reset', when: 'after', times }) as const;
const struck = (times = 1) =>
  ({ service: 'tablestore', action: 'PutRow', kind: 'reset', when: 'before', times }) as const;

const withCards = (use: (parts: Bench & { cards: Cards }) => Promise<void>) =>
  withTablestore((bench) => use({ ...bench, cards: tablestoreCards(bench.client) }));

function aState(over: Partial<CardState> = {}): CardState {
  return { ...newCardState(RO, aPlace()), version: 1, messageId: 'm-1', ...over };
}

async function behavesAsPromised(cards: Cards): Promise<unknown[]> {
  const first = aState();
  const second = aState({ version: 2, shownDigest: 'd', wakeAtMs: 5 });
  const elsewhere = aState({ place: aPlace({ channel: 'C0002' }) });
  return [
    await cards.load(RO, aPlace()),
    await cards.save(undefined, first),
    await cards.save(undefined, aState({ messageId: 'm-2' })),
    await cards.load(RO, aPlace()),
    await cards.save(first, second),
    await cards.save(first, aState({ version: 2 })),
    await cards.load(RO, aPlace()),
    await cards.save(undefined, elsewhere),
    await cards.load(RO, elsewhere.place),
    await cards.load(`ro-${'b'.repeat(26)}`, aPlace()),
    await cards.save(aState({ rolloutId: `ro-${'b'.repeat(26)}` }), {
      ...second,
      rolloutId: `ro-${'b'.repeat(26)}`,
    }),
  ];
}

const PROMISED = [
  undefined,
  'saved',
  'conflict',
  aState(),
  'saved',
  'conflict',
  aState({ version: 2, shownDigest: 'd', wakeAtMs: 5 }),
  'saved',
  aState({ place: aPlace({ channel: 'C0002' }) }),
  undefined,
  'conflict',
];

test('a card belongs to a rollout and a place, and a save needs its last version', ({ expect }) =>
  withCards(async ({ cards }) => {
    expect(await behavesAsPromised(cards)).toEqual(PROMISED);
  }));

test('the in-memory model of other tests behaves the same', async ({ expect }) => {
  expect(await behavesAsPromised(new ModelCards())).toEqual(PROMISED);
});

test.for([
  ['is lost', [lost()]],
  ['is lost twice', [lost(2)]],
  ['comes only to the third try', [struck(2)]],
  ['is lost for good', [lost(3)]],
] as const)('a save is exact when its answer %s', ([, faults], { expect }) =>
  withCards(async ({ cards, kernel }) => {
    kernel.faults.replace(faults);
    expect(await cards.save(undefined, aState())).toBe('saved');
    kernel.faults.replace(faults);
    expect(await cards.save(aState(), aState({ version: 2, messageId: 'm-2' }))).toBe('saved');
    kernel.faults.replace(faults);
    expect(await cards.save(aState(), aState({ version: 2 }))).toBe('conflict');
    expect(await cards.load(RO, aPlace())).toMatchObject({ version: 2, messageId: 'm-2' });
  }),
);

test('a save with an unknown result rejects', ({ expect }) =>
  withCards(async ({ cards, kernel }) => {
    kernel.faults.replace([struck(3)]);
    await expect(cards.save(undefined, aState())).rejects.toMatchObject({ code: 'unavailable' });
    expect(await cards.load(RO, aPlace())).toBeUndefined();
  }));

test('of many saves at once one succeeds', ({ expect }) =>
  withCards(async ({ cards }) => {
    const ends = await Promise.all(
      Array.from({ length: 10 }, (_, n) => cards.save(undefined, aState({ messageId: `m-${n}` }))),
    );
    expect(ends.filter((end) => end === 'saved')).toHaveLength(1);
  }));

test('a row of another version counts as a new card, and does not stay unreadable', ({ expect }) =>
  withCards(async ({ client, cards }) => {
    const key = [
      ['rolloutId', RO],
      ['place', 'slack|T0001|C0001'],
    ] as const;
    const columns = new Map<string, string | number>([
      ['state', '{"messageId":7}'],
      ['version', 4],
    ]);
    const condition = { row: 'ignore' } as const;
    await client.writeRow(CARDS.name, { kind: 'put', key, columns, condition });
    const found = await cards.load(RO, aPlace());
    expect(found).toEqual({ ...newCardState(RO, aPlace()), version: 4 });
    expect(await cards.save(found, aState({ version: 5 }))).toBe('saved');
  }));

test('a save that does not follow the last version is a bug', ({ expect }) =>
  withCards(async ({ cards }) => {
    await expect(cards.save(undefined, aState({ version: 2 }))).rejects.toThrow(TypeError);
  }));
